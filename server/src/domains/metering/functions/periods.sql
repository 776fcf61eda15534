-- What was used within periods, each an organization, a meter and two instants, of many at once: the arrays are parallel
-- and answers name their place in them. Stored, so that a connection plans them once: planning anew what looks at every
-- month of usage and events would take longer than all the rest.

-- Events that stand, and what calls used of the meter. An id of a call is made at most an hour before the instant that the
-- call belongs to.
create function metering_period_rows(
  p_places integer[], p_organization_ids text[], p_meter_ids text[], p_from timestamptz[], p_to timestamptz[]
)
returns table (place integer, quantity bigint, at timestamptz, received_at timestamptz, id text)
language sql
stable
as $$
  select p.place, e.quantity, e.occurred_at, e.received_at, e.key::text
  from unnest(p_places, p_organization_ids, p_meter_ids, p_from, p_to)
    as p (place, organization_id, meter_id, starts_at, ends_at)
  join metering_events e
    on e.organization_id = p.organization_id
    and e.meter_id = p.meter_id
    and e.occurred_at >= p.starts_at
    and e.occurred_at < p.ends_at
  where e.superseded_by is null
  union all
  select p.place, m.quantity, u.authorized_at, u.recorded_at, u.request_id
  from unnest(p_places, p_organization_ids, p_meter_ids, p_from, p_to)
    as p (place, organization_id, meter_id, starts_at, ends_at)
  join metering_usage u
    on u.organization_id = p.organization_id
    and u.request_id >= metering_id_at('req', p.starts_at - interval '1 hour')
    and u.request_id < metering_id_at('req', p.ends_at + interval '1 hour')
    and u.authorized_at >= p.starts_at
    and u.authorized_at < p.ends_at
  cross join unnest(u.meter_ids, u.quantities) as m (meter_id, quantity)
  where u.meter_ids is not null
    and m.meter_id = p.meter_id
$$;

create function metering_sum_periods(
  p_organization_ids text[], p_meter_ids text[], p_from timestamptz[], p_to timestamptz[]
)
returns table (place integer, total numeric, maximum bigint, latest bigint)
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
    select s.place, s.organization_id, p_meter_ids[s.place] as meter_id, s.grain, s.starts_at, s.ends_at
    from metering_period_spans(p_organization_ids, p_from, p_to) s
  ),
  parts as (
    select p.place, s.total, s.maximum, s.latest, s.latest_at
    from spans p
    join metering_quantities_daily s
      on s.organization_id = p.organization_id
      and s.meter_id = p.meter_id
      and s.starts_at >= p.starts_at
      and s.starts_at < p.ends_at
    where p.grain = 'day'
    union all
    select p.place, s.total, s.maximum, s.latest, s.latest_at
    from spans p
    join metering_quantities_hourly s
      on s.organization_id = p.organization_id
      and s.meter_id = p.meter_id
      and s.starts_at >= p.starts_at
      and s.starts_at < p.ends_at
    where p.grain = 'hour'
    union all
    select r.place, r.quantity, r.quantity, r.quantity, r.at
    from (
      select array_agg(p.place) as places, array_agg(p.organization_id) as organization_ids,
        array_agg(p.meter_id) as meter_ids, array_agg(p.starts_at) as begins, array_agg(p.ends_at) as ends
      from spans p
      where p.grain = 'row'
    ) g
    cross join lateral metering_period_rows(g.places, g.organization_ids, g.meter_ids, g.begins, g.ends) r
  )
  select q.place, sum(q.total), max(q.maximum), (array_agg(q.latest order by q.latest_at desc))[1]
  from parts q
  group by q.place;
end
$$;

-- How many distinct values: those of whole days are kept, the rest are read off the events.
create function metering_count_values_of_periods(
  p_organization_ids text[], p_meter_ids text[], p_from timestamptz[], p_to timestamptz[]
)
returns table (place integer, total bigint)
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
    select s.place, s.organization_id, p_meter_ids[s.place] as meter_id, s.grain, s.starts_at, s.ends_at
    from metering_period_spans(p_organization_ids, p_from, p_to) s
  ),
  seen as (
    select p.place, v.value
    from spans p
    join metering_unique_values v
      on v.organization_id = p.organization_id
      and v.meter_id = p.meter_id
      and v.starts_at >= p.starts_at
      and v.starts_at < p.ends_at
    where p.grain = 'day'
    union
    select p.place, e.value
    from spans p
    join metering_events e
      on e.organization_id = p.organization_id
      and e.meter_id = p.meter_id
      and e.occurred_at >= p.starts_at
      and e.occurred_at < p.ends_at
    where p.grain <> 'day'
      and e.superseded_by is null
      and e.value is not null
  )
  select s.place, count(*)
  from seen s
  group by s.place;
end
$$;

-- What was added, times the microseconds that were left of the period.
create function metering_weigh_periods(
  p_organization_ids text[], p_meter_ids text[], p_from timestamptz[], p_to timestamptz[]
)
returns table (place integer, weighed numeric)
language plpgsql
stable
set enable_seqscan = off
set plan_cache_mode = force_generic_plan
set jit = off
as $$
#variable_conflict use_column
begin
  return query
  select r.place, trunc(sum(r.quantity * extract(epoch from p_to[r.place] - r.at) * 1000000))
  from metering_period_rows(
    array(select generate_subscripts(p_to, 1)), p_organization_ids, p_meter_ids, p_from, p_to
  ) r
  group by r.place;
end
$$;

-- Each event's quantity, in the order of their happening.
create function metering_list_period(
  p_organization_id text, p_meter_id text, p_from timestamptz, p_to timestamptz
)
returns table (quantity bigint)
language plpgsql
stable
set enable_seqscan = off
set plan_cache_mode = force_generic_plan
set jit = off
as $$
#variable_conflict use_column
begin
  return query
  select r.quantity
  from metering_period_rows('{1}', array[p_organization_id], array[p_meter_id], array[p_from], array[p_to]) r
  order by r.at, r.received_at, r.id;
end
$$;

-- Calls of models with their tokens and cost.
create function metering_sum_calls_of_periods(p_organization_ids text[], p_from timestamptz[], p_to timestamptz[])
returns table (
  place integer, calls numeric, input_tokens numeric, cached_input_tokens numeric, cache_write_tokens numeric,
  output_tokens numeric, reasoning_tokens numeric, amount numeric
)
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
    select s.place, s.organization_id, s.grain, s.starts_at, s.ends_at
    from metering_period_spans(p_organization_ids, p_from, p_to) s
  ),
  parts as (
    select p.place, s.calls, s.input_tokens, s.cached_input_tokens, s.cache_write_tokens, s.output_tokens,
      s.reasoning_tokens, s.amount
    from spans p
    join metering_calls_daily s
      on s.organization_id = p.organization_id
      and s.starts_at >= p.starts_at
      and s.starts_at < p.ends_at
    where p.grain = 'day'
      and s.model <> ''
    union all
    select p.place, s.calls, s.input_tokens, s.cached_input_tokens, s.cache_write_tokens, s.output_tokens,
      s.reasoning_tokens, s.amount
    from spans p
    join metering_calls_hourly s
      on s.organization_id = p.organization_id
      and s.starts_at >= p.starts_at
      and s.starts_at < p.ends_at
    where p.grain = 'hour'
      and s.model <> ''
    union all
    select p.place, 1, u.input_tokens, u.cached_input_tokens, u.cache_write_tokens, u.output_tokens,
      u.reasoning_tokens, u.amount
    from spans p
    join metering_usage u
      on u.organization_id = p.organization_id
      and u.request_id >= metering_id_at('req', p.starts_at - interval '1 hour')
      and u.request_id < metering_id_at('req', p.ends_at + interval '1 hour')
      and u.authorized_at >= p.starts_at
      and u.authorized_at < p.ends_at
    where p.grain = 'row'
      and u.model is not null
  )
  select q.place, sum(q.calls), sum(q.input_tokens), sum(q.cached_input_tokens), sum(q.cache_write_tokens),
    sum(q.output_tokens), sum(q.reasoning_tokens), sum(q.amount)
  from parts q
  group by q.place;
end
$$;
