-- Adds what was used and what is reserved, which may be negative, to the counters whose window the instant falls in, and
-- records which limits that do not refuse were passed. The caller has locked the organizations' funds.
create function metering_move_counters(
  p_organization_ids text[],
  p_api_key_ids text[],
  p_user_ids text[],
  p_cost_center_ids text[],
  p_meter_ids text[],
  p_instants timestamptz[],
  p_used bigint[],
  p_reserved bigint[],
  p_business timestamptz,
  p_wall timestamptz
) returns void
language plpgsql
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set plan_cache_mode = force_generic_plan
set jit = off
as $$
declare
  passed record;
begin
  for passed in
    with matching as (
      select c.quota_id, c.window_from, q.aggregation, q.limit_amount, q.is_in_force, q.is_hard, m.at, m.used,
        m.reserved
      from (
        select organization_id, api_key_id, user_id, cost_center_id, at, array_agg(meter_id) as meter_ids,
          array_agg(used) as used,
          array_agg(reserved) as reserved
        from unnest(p_organization_ids, p_api_key_ids, p_user_ids, p_cost_center_ids, p_meter_ids, p_instants, p_used,
          p_reserved)
          as d (organization_id, api_key_id, user_id, cost_center_id, meter_id, at, used, reserved)
        group by organization_id, api_key_id, user_id, cost_center_id, at
      ) g
      cross join lateral (
        values ('organization', g.organization_id), ('api_key', g.api_key_id), ('member', g.user_id), ('cost_center',
        g.cost_center_id)
      ) as s (kind, id)
      join entitlements_quotas q
        on q.organization_id = g.organization_id
        and q.subject_kind = s.kind
        and q.subject_id = s.id
      cross join lateral (
        select g.at, u.used, u.reserved
        from unnest(g.meter_ids, g.used, g.reserved) as u (meter_id, used, reserved)
        where u.meter_id = q.meter_id
      ) m
      cross join lateral (
        select n.*
        from metering_counters n
        where n.quota_id = q.id
          and n.window_from <= m.at
        order by n.window_from desc
        limit 1
      ) c
      where c.resets_at > m.at
        and q.aggregation <> 'unique'
    ),
    moved as (
      select t.quota_id, t.window_from, t.aggregation, t.limit_amount, t.is_in_force, t.is_hard,
        coalesce(sum(t.used), 0)::bigint as used,
        case
          when t.aggregation in ('count', 'sum', 'weighted_sum') then coalesce(sum(t.reserved), 0)::bigint
          else 0
        end as reserved,
        max(t.used) as largest,
        max(t.at) filter (where t.used is not null) as latest_at,
        case t.aggregation
          when 'latest' then (array_agg(t.used order by t.at desc) filter (where t.used is not null))[1]
        end as latest
      from matching t
      group by t.quota_id, t.window_from, t.aggregation, t.limit_amount, t.is_in_force, t.is_hard
    ),
    changed as (
      update metering_counters c
      set used = case m.aggregation
          when 'max' then greatest(c.used, m.largest)
          when 'latest' then
            case when c.latest_at is null or m.latest_at >= c.latest_at then coalesce(m.latest, c.used) else c.used end
          else c.used + m.used
        end,
        reserved = c.reserved + m.reserved,
        latest_at = case m.aggregation when 'latest' then greatest(c.latest_at, m.latest_at) else c.latest_at end
      from moved m
      where c.quota_id = m.quota_id
        and c.window_from = m.window_from
      returning c.quota_id, c.window_from, c.used, m.largest as moved, m.aggregation, m.limit_amount, m.is_in_force,
        m.is_hard
    )
    select quota_id, window_from, moved
    from changed
    where is_in_force
      and used > limit_amount
      and moved > 0
      and not (is_hard and aggregation in ('count', 'sum', 'latest'))
    order by quota_id, window_from
  loop
    perform metering_violate(passed.quota_id, passed.window_from, passed.moved, p_business, p_wall);
  end loop;
end
$$;

-- Counts reported use in the counters that it matches, whose windows are open. The arrays are parallel; a value is what the
-- meter tells apart. The caller has locked the organizations' funds.
create function metering_count(
  p_organization_ids text[],
  p_meter_ids text[],
  p_api_key_ids text[],
  p_user_ids text[],
  p_cost_center_ids text[],
  p_quantities bigint[],
  p_values text[],
  p_at timestamptz[],
  p_business timestamptz,
  p_wall timestamptz default null
) returns void
language plpgsql
set enable_seqscan = off
set plan_cache_mode = force_generic_plan
set jit = off
as $$
declare
  is_fine boolean;
  used record;
begin
  select metering_ends_within_minute(array_agg(distinct i.organization_id), min(i.at), max(i.at))
  into is_fine
  from unnest(p_organization_ids, p_at) as i (organization_id, at);

  select array_agg(u.organization_id) as organization_ids, array_agg(u.api_key_id) as api_key_ids,
    array_agg(u.user_id) as user_ids, array_agg(u.cost_center_id) as cost_center_ids,
    array_agg(u.meter_id) as meter_ids, array_agg(u.at) as instants,
    array_agg(u.quantity) as quantities
  into used
  from (
    select i.organization_id, i.api_key_id, i.user_id, i.cost_center_id, i.meter_id,
      case m.aggregation when 'latest' then max(i.at) else min(i.at) end as at,
      case m.aggregation
        when 'max' then max(i.quantity)
        when 'latest' then (array_agg(i.quantity order by i.at desc, i.place desc))[1]
        else sum(i.quantity)::bigint
      end as quantity
    from unnest(p_organization_ids, p_meter_ids, p_api_key_ids, p_user_ids, p_cost_center_ids, p_quantities,
      p_at) with ordinality
      as i (organization_id, meter_id, api_key_id, user_id, cost_center_id, quantity, at, place)
    join catalog_meters m on m.id = i.meter_id
    where m.aggregation <> 'unique'
    group by i.organization_id, i.api_key_id, i.user_id, i.cost_center_id, i.meter_id, m.aggregation,
      date_bin('1 minute', i.at, 'epoch'), case when is_fine then i.place end
  ) u;
  if used.organization_ids is not null then
    perform metering_move_counters(
      used.organization_ids, used.api_key_ids, used.user_ids, used.cost_center_ids, used.meter_ids, used.instants,
      used.quantities, null,
      p_business, coalesce(p_wall, p_business)
    );
  end if;
  if cardinality(array_remove(p_values, null)) > 0 then
    perform metering_count_values(
      p_organization_ids, p_meter_ids, p_api_key_ids, p_user_ids, p_cost_center_ids, p_values, p_at, p_business,
      coalesce(p_wall, p_business)
    );
  end if;
end
$$;

-- The same for meters that count how many values there are.
create function metering_count_values(
  p_organization_ids text[],
  p_meter_ids text[],
  p_api_key_ids text[],
  p_user_ids text[],
  p_cost_center_ids text[],
  p_values text[],
  p_at timestamptz[],
  p_business timestamptz,
  p_wall timestamptz
) returns void
language plpgsql
set enable_seqscan = off
set plan_cache_mode = force_generic_plan
set jit = off
as $$
declare
  passed record;
begin
  for passed in
    with fresh as (
      insert into metering_counter_values (quota_id, window_from, value)
      select distinct c.quota_id, c.window_from, i.value
      from unnest(p_organization_ids, p_meter_ids, p_api_key_ids, p_user_ids, p_cost_center_ids, p_values, p_at)
        as i (organization_id, meter_id, api_key_id, user_id, cost_center_id, value, at)
      cross join lateral (
        values ('organization', i.organization_id), ('api_key', i.api_key_id), ('member', i.user_id), ('cost_center',
        i.cost_center_id)
      ) as s (kind, id)
      join entitlements_quotas q
        on q.organization_id = i.organization_id
        and q.subject_kind = s.kind
        and q.subject_id = s.id
        and q.meter_id = i.meter_id
        and q.aggregation = 'unique'
      join metering_counters c on c.quota_id = q.id and c.window_from <= i.at and c.resets_at > i.at
      where i.value is not null
      on conflict do nothing
      returning quota_id, window_from
    ),
    changed as (
      update metering_counters c
      set used = c.used + f.added
      from (
        select quota_id, window_from, count(*) as added
        from fresh
        group by quota_id, window_from
      ) f
      where c.quota_id = f.quota_id
        and c.window_from = f.window_from
      returning c.quota_id, c.window_from, c.used, f.added
    )
    select h.quota_id, h.window_from, h.added
    from changed h
    join entitlements_quotas q on q.id = h.quota_id
    where q.is_in_force
      and h.used > q.limit_amount
    order by h.quota_id, h.window_from
  loop
    perform metering_violate(passed.quota_id, passed.window_from, passed.added, p_business, p_wall);
  end loop;
end
$$;
