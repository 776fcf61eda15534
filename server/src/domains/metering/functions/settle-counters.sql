-- Moves the counters of the deployment's own meters when calls end, in the windows in which these began: a hold gives back
-- one request, its tokens and what it held; a call that is paid has used one request, its tokens and its cost. Where a
-- model was not called there are no tokens. Calls of the same subjects are summed within a minute; or not, where a window
-- ends within one. Records which limits that do not refuse were passed. The caller has locked the organizations' funds.

create function metering_settle_counters(
  p_held_organization_ids text[], p_held_api_key_ids text[], p_held_user_ids text[], p_held_cost_center_ids text[],
  p_held_at timestamptz[],
  p_held_tokens bigint[], p_held_costs bigint[],
  p_organization_ids text[], p_api_key_ids text[], p_user_ids text[], p_cost_center_ids text[],
  p_authorized_at timestamptz[],
  p_tokens bigint[], p_costs bigint[],
  p_is_fine boolean,
  p_business timestamptz, p_wall timestamptz
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
    with changed as (
      update metering_counters c
      set used = c.used + m.used, reserved = c.reserved - m.held
      from (
        select q.id, w.window_from, q.limit_amount, q.is_in_force and not q.is_hard as is_soft,
          sum(a.used)::bigint as used, sum(a.held)::bigint as held
        from (
          select d.organization_id, d.api_key_id, d.user_id, d.cost_center_id, min(d.at) as at, sum(d.calls) as calls,
            sum(d.tokens) as tokens, sum(d.cost) as cost, sum(d.held_calls) as held_calls,
            sum(d.held_tokens) as held_tokens, sum(d.held_cost) as held_cost
          from (
            select p_organization_ids[i] as organization_id, p_api_key_ids[i] as api_key_id, p_user_ids[i] as user_id,
              p_cost_center_ids[i] as cost_center_id,
              p_authorized_at[i] as at, 1 as calls, p_tokens[i] as tokens, p_costs[i] as cost, 0 as held_calls,
              0 as held_tokens, 0 as held_cost
            from generate_subscripts(p_tokens, 1) as i
            where p_tokens[i] is not null
            union all
            select p_held_organization_ids[h], p_held_api_key_ids[h], p_held_user_ids[h], p_held_cost_center_ids[h],
              p_held_at[h], 0, 0, 0, 1,
              p_held_tokens[h], p_held_costs[h]
            from generate_subscripts(p_held_tokens, 1) as h
            where p_held_tokens[h] is not null
          ) d
          group by d.organization_id, d.api_key_id, d.user_id, d.cost_center_id, date_bin('1 minute', d.at, 'epoch'),
            case when p_is_fine then d.at end
        ) g
        join entitlements_quotas q
          on q.organization_id = g.organization_id
          and q.subject_kind = any ('{organization,api_key,member,cost_center}')
          and q.subject_id in (g.organization_id, g.api_key_id, g.user_id, g.cost_center_id)
          and q.meter_id in ('mtr_requests', 'mtr_tokens', 'mtr_cost')
        cross join lateral (
          select
            case q.meter_id when 'mtr_requests' then g.calls when 'mtr_tokens' then g.tokens else g.cost end as used,
            case q.meter_id
              when 'mtr_requests' then g.held_calls
              when 'mtr_tokens' then g.held_tokens
              else g.held_cost
            end as held
        ) a
        cross join lateral (
          select n.window_from, n.resets_at
          from metering_counters n
          where n.quota_id = q.id
            and n.window_from <= g.at
          order by n.window_from desc
          limit 1
        ) w
        where w.resets_at > g.at
        group by q.id, w.window_from
      ) m
      where c.quota_id = m.id
        and c.window_from = m.window_from
      returning c.quota_id, c.window_from, c.used, m.used as added, m.limit_amount, m.is_soft
    )
    select quota_id, window_from, added
    from changed
    where is_soft
      and used > limit_amount
      and added > 0
    order by quota_id, window_from
  loop
    perform metering_violate(passed.quota_id, passed.window_from, passed.added, p_business, p_wall);
  end loop;
end
$$;

-- The same for one call, for half of the time.
create function metering_settle_counter(
  p_organization_id text, p_api_key_id text, p_user_id text, p_cost_center_id text, p_authorized_at timestamptz,
  p_held_tokens bigint, p_held_cost bigint, p_tokens bigint, p_cost bigint,
  p_business timestamptz, p_wall timestamptz
) returns void
language plpgsql
as $$
declare
  quota record;
  now_used bigint;
begin
  for quota in
    select q.id, w.window_from, q.limit_amount, q.is_in_force and not q.is_hard as is_soft,
      case q.meter_id when 'mtr_requests' then 1 when 'mtr_tokens' then p_held_tokens else p_held_cost end as held,
      case q.meter_id when 'mtr_requests' then 1 when 'mtr_tokens' then p_tokens else p_cost end as used
    from entitlements_quotas q
    cross join lateral (
      select n.window_from, n.resets_at
      from metering_counters n
      where n.quota_id = q.id
        and n.window_from <= p_authorized_at
      order by n.window_from desc
      limit 1
    ) w
    where q.organization_id = p_organization_id
      and q.subject_kind = any ('{organization,api_key,member,cost_center}')
      and q.subject_id in (p_organization_id, p_api_key_id, p_user_id, p_cost_center_id)
      and q.meter_id in ('mtr_requests', 'mtr_tokens', 'mtr_cost')
      and w.resets_at > p_authorized_at
  loop
    update metering_counters
    set used = used + quota.used, reserved = reserved - quota.held
    where quota_id = quota.id
      and window_from = quota.window_from
    returning used into now_used;
    if quota.is_soft and now_used > quota.limit_amount and quota.used > 0 then
      perform metering_violate(quota.id, quota.window_from, quota.used, p_business, p_wall);
    end if;
  end loop;
end
$$;
