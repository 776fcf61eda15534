-- What was used within periods, by cost center or by member: of meters that calls of models move, and of applications'. Each
-- period is covered exactly once by days, hours and rows (`metering_period_spans`), so that the parts are all of it.

create function metering_split_periods(
  p_organization_id text, p_meter_ids text[], p_from timestamptz[], p_to timestamptz[], p_by text
)
returns table (place integer, subject_id text, total numeric, events numeric)
language plpgsql
stable
set enable_seqscan = off
set plan_cache_mode = force_generic_plan
set jit = off
as $$
#variable_conflict use_column
begin
  return query
  with spans as materialized (
    select s.place, p_meter_ids[s.place] as meter_id, s.grain, s.starts_at, s.ends_at,
      p_meter_ids[s.place] in ('mtr_requests', 'mtr_tokens', 'mtr_cost') as is_of_calls
    from metering_period_spans(array_fill(p_organization_id, array[cardinality(p_meter_ids)]), p_from, p_to) s
  ),
  calls as (
    select p.place, p.meter_id, s.user_id, s.cost_center_id, s.calls, s.input_tokens + s.output_tokens as tokens, s.amount
    from spans p
    join metering_calls_daily s
      on s.organization_id = p_organization_id
      and s.starts_at >= p.starts_at
      and s.starts_at < p.ends_at
    where p.grain = 'day'
      and p.is_of_calls
      and s.model <> ''
    union all
    select p.place, p.meter_id, s.user_id, s.cost_center_id, s.calls, s.input_tokens + s.output_tokens, s.amount
    from spans p
    join metering_calls_hourly s
      on s.organization_id = p_organization_id
      and s.starts_at >= p.starts_at
      and s.starts_at < p.ends_at
    where p.grain = 'hour'
      and p.is_of_calls
      and s.model <> ''
    union all
    select p.place, p.meter_id, coalesce(u.user_id, ''), coalesce(u.cost_center_id, ''), 1,
      u.input_tokens + u.output_tokens, u.amount
    from spans p
    join metering_usage u
      on u.organization_id = p_organization_id
      and u.request_id >= metering_id_at('req', p.starts_at - interval '1 hour')
      and u.request_id < metering_id_at('req', p.ends_at + interval '1 hour')
      and u.authorized_at >= p.starts_at
      and u.authorized_at < p.ends_at
    where p.grain = 'row'
      and p.is_of_calls
      and u.model is not null
  ),
  quantities as (
    select p.place, s.user_id, s.cost_center_id, s.total, s.events
    from spans p
    join metering_quantities_daily s
      on s.organization_id = p_organization_id
      and s.meter_id = p.meter_id
      and s.starts_at >= p.starts_at
      and s.starts_at < p.ends_at
    where p.grain = 'day'
    union all
    select p.place, s.user_id, s.cost_center_id, s.total, s.events
    from spans p
    join metering_quantities_hourly s
      on s.organization_id = p_organization_id
      and s.meter_id = p.meter_id
      and s.starts_at >= p.starts_at
      and s.starts_at < p.ends_at
    where p.grain = 'hour'
    union all
    select p.place, coalesce(e.user_id, ''), coalesce(e.cost_center_id, ''), e.quantity, 1
    from spans p
    join metering_events e
      on e.organization_id = p_organization_id
      and e.meter_id = p.meter_id
      and e.occurred_at >= p.starts_at
      and e.occurred_at < p.ends_at
    where p.grain = 'row'
      and e.superseded_by is null
    union all
    select p.place, coalesce(u.user_id, ''), coalesce(u.cost_center_id, ''), m.quantity, 1
    from spans p
    join metering_usage u
      on u.organization_id = p_organization_id
      and u.request_id >= metering_id_at('req', p.starts_at - interval '1 hour')
      and u.request_id < metering_id_at('req', p.ends_at + interval '1 hour')
      and u.authorized_at >= p.starts_at
      and u.authorized_at < p.ends_at
    cross join unnest(u.meter_ids, u.quantities) as m (meter_id, quantity)
    where p.grain = 'row'
      and u.meter_ids is not null
      and m.meter_id = p.meter_id
  ),
  used as (
    select c.place, c.user_id, c.cost_center_id,
      case c.meter_id when 'mtr_requests' then c.calls when 'mtr_tokens' then c.tokens else c.amount end as total,
      c.calls as events
    from calls c
    union all
    select q.place, q.user_id, q.cost_center_id, q.total, q.events
    from quantities q
  )
  select u.place, case p_by when 'member' then u.user_id else u.cost_center_id end, sum(u.total), sum(u.events)
  from used u
  group by 1, 2
  order by 1, 2;
end
$$;
