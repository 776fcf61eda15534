-- What calls would reserve of counters, and which of these would not have room for all of it together: where none is
-- answered, each call fits. What calls demand of the deployment's own meters (one request, its tokens and its cost where a
-- model is called; where none is, there are no tokens) is summed over those of the same subjects within a minute; or not,
-- where a window ends within one. Windows that are not open yet are opened. Tight ones that would be reset last come
-- first. The caller has locked the organizations' funds.

create function metering_tight_counters(
  p_organization_ids text[],
  p_api_key_ids text[],
  p_user_ids text[],
  p_cost_center_ids text[],
  p_authorized_at timestamptz[],
  p_tokens bigint[],
  p_costs bigint[],
  -- the call that each quantity is of, by its position
  p_meter_calls integer[],
  p_meter_ids text[],
  p_quantities bigint[],
  p_is_fine boolean,
  out reserved_ids text[],
  out reserved_froms timestamptz[],
  out reserved_amounts bigint[],
  out organization_ids text[],
  out quota_ids text[],
  out window_froms timestamptz[],
  out resets timestamptz[],
  out subject_ids text[],
  out meter_ids text[],
  out latests boolean[],
  out caps boolean[],
  out reserved bigint[],
  out rooms bigint[]
)
language plpgsql
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set plan_cache_mode = force_generic_plan
set jit = off
as $$
declare
  closed_ids text[];
  closed_organizations text[];
  closed_instants timestamptz[];
begin
  for turn in 1 .. 2 loop
    select array_agg(l.id) filter (where l.adds), array_agg(l.window_from) filter (where l.adds),
      array_agg(l.amount) filter (where l.adds),
      array_agg(l.organization_id) filter (where l.is_tight), array_agg(l.id) filter (where l.is_tight),
      array_agg(l.window_from) filter (where l.is_tight), array_agg(l.resets_at) filter (where l.is_tight),
      array_agg(l.subject_id) filter (where l.is_tight), array_agg(l.meter_id) filter (where l.is_tight),
      array_agg(l.aggregation = 'latest') filter (where l.is_tight),
      array_agg(l.subject_kind <> 'organization' and l.meter_id = 'mtr_cost') filter (where l.is_tight),
      array_agg(l.reserved) filter (where l.is_tight),
      array_agg(
        case l.aggregation
          when 'latest' then l.limit_amount
          else greatest(l.limit_amount::numeric - l.used - l.reserved, -9223372036854775807)::bigint
        end
      ) filter (where l.is_tight),
      array_agg(l.id) filter (where l.closed_at is not null),
      array_agg(l.organization_id) filter (where l.closed_at is not null),
      array_agg(l.closed_at) filter (where l.closed_at is not null)
    into reserved_ids, reserved_froms, reserved_amounts, organization_ids, quota_ids, window_froms, resets, subject_ids,
      meter_ids, latests, caps, reserved, rooms, closed_ids, closed_organizations, closed_instants
    from (
      select q.id, q.organization_id, q.subject_kind, q.subject_id, q.meter_id, q.aggregation, q.limit_amount,
        c.window_from, c.resets_at, c.used, c.reserved, x.closed_at,
        least(sum(d.amount), 9223372036854775807)::bigint as amount,
        x.closed_at is null and q.aggregation in ('count', 'sum', 'weighted_sum') as adds,
        x.closed_at is null and q.is_hard and q.is_in_force
        and case
          when q.aggregation in ('count', 'sum') then c.used + c.reserved + sum(d.amount) > q.limit_amount
          when q.aggregation = 'latest' then max(d.amount) > q.limit_amount
        end as is_tight
      from (
        select p_organization_ids[i] as organization_id, p_api_key_ids[i] as api_key_id, p_user_ids[i] as user_id,
          p_cost_center_ids[i] as cost_center_id,
          null as meter_id, min(p_authorized_at[i]) as at, count(*) as calls, sum(p_tokens[i]) as tokens,
          sum(p_costs[i]) as amount
        from generate_subscripts(p_organization_ids, 1) as i
        where p_tokens[i] is not null
        group by 1, 2, 3, 4, date_bin('1 minute', p_authorized_at[i], 'epoch'), case when p_is_fine then i end
        union all
        select p_organization_ids[p_meter_calls[k]], p_api_key_ids[p_meter_calls[k]], p_user_ids[p_meter_calls[k]],
          p_cost_center_ids[p_meter_calls[k]],
          p_meter_ids[k], p_authorized_at[p_meter_calls[k]], null, null, p_quantities[k]
        from generate_subscripts(p_meter_calls, 1) as k
      ) g
      join entitlements_quotas q
        on q.organization_id = g.organization_id
        and q.subject_kind = any ('{organization,api_key,member,cost_center}')
        and q.subject_id in (g.organization_id, g.api_key_id, g.user_id, g.cost_center_id)
      cross join lateral (
        select case
          when g.meter_id is not null then case when q.meter_id = g.meter_id then g.amount end
          when q.meter_id = 'mtr_requests' then g.calls
          when q.meter_id = 'mtr_tokens' then g.tokens
          when q.meter_id = 'mtr_cost' then g.amount
        end as amount
      ) d
      left join lateral (
        select n.*
        from metering_counters n
        where n.quota_id = q.id
          and n.window_from <= g.at
        order by n.window_from desc
        limit 1
      ) c on c.resets_at > g.at
      cross join lateral (
        select case when c.window_from is null or q.changes_at <= g.at then g.at end as closed_at
      ) x
      where d.amount is not null
      group by q.id, c.window_from, c.resets_at, c.used, c.reserved, x.closed_at
      order by q.organization_id, c.resets_at desc, q.id
    ) l;
    exit when closed_ids is null;
    perform metering_open_missing(closed_ids, closed_organizations, closed_instants);
  end loop;
end
$$;
