-- Which counters would not have room for all of these demands together: where none is answered, each of them fits. Demands
-- are sums over calls of the same subjects within a minute. Windows that are not open yet are opened. Those that would
-- be reset last come first. The caller has locked the organizations' funds.

create function metering_tight_counters(
  p_organization_ids text[],
  p_api_key_ids text[],
  p_user_ids text[],
  p_meter_ids text[],
  p_instants timestamptz[],
  p_amounts bigint[],
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
    with matching as (
      select q.id, q.organization_id, q.subject_kind, q.subject_id, q.meter_id, q.aggregation, q.limit_amount,
        q.changes_at, m.at, m.amount, c.window_from, c.resets_at, c.used, c.reserved,
        q.is_hard and q.is_in_force and q.aggregation in ('count', 'sum', 'latest') as refuses
      from (
        select organization_id, api_key_id, user_id, at, array_agg(meter_id) as meter_ids, array_agg(amount) as amounts
        from unnest(p_organization_ids, p_api_key_ids, p_user_ids, p_meter_ids, p_instants, p_amounts)
          as d (organization_id, api_key_id, user_id, meter_id, at, amount)
        group by organization_id, api_key_id, user_id, at
      ) g
      cross join lateral (
        values ('organization', g.organization_id), ('api_key', g.api_key_id), ('member', g.user_id)
      ) as s (kind, id)
      join entitlements_quotas q
        on q.organization_id = g.organization_id
        and q.subject_kind = s.kind
        and q.subject_id = s.id
      join lateral (
        select g.at, u.amount
        from unnest(g.meter_ids, g.amounts) as u (meter_id, amount)
        where u.meter_id = q.meter_id
      ) m on true
      left join lateral (
        select n.*
        from metering_counters n
        where n.quota_id = q.id
          and n.window_from <= m.at
        order by n.window_from desc
        limit 1
      ) c on c.resets_at > m.at
    ),
    tight as (
      select t.id, t.organization_id, t.window_from, t.resets_at, t.subject_id, t.meter_id,
        t.aggregation = 'latest' as is_latest,
        t.subject_kind = 'api_key' and t.meter_id = 'mtr_cost' as is_cap,
        t.reserved,
        case t.aggregation
          when 'latest' then t.limit_amount
          else greatest(t.limit_amount::numeric - t.used - t.reserved, -9223372036854775807)::bigint
        end as room
      from matching t
      where t.refuses
        and t.limit_amount is not null
        and t.window_from is not null
      group by t.id, t.organization_id, t.window_from, t.resets_at, t.subject_kind, t.subject_id, t.meter_id,
        t.aggregation, t.limit_amount, t.used, t.reserved
      having case t.aggregation
        when 'latest' then max(t.amount) > t.limit_amount
        else t.used + t.reserved + sum(t.amount) > t.limit_amount
      end
    ),
    closed as (
      select t.id, t.organization_id, t.at
      from matching t
      where t.window_from is null
        or t.changes_at <= t.at
      group by t.id, t.organization_id, t.at
    )
    select array_agg(t.organization_id), array_agg(t.id), array_agg(t.window_from), array_agg(t.resets_at),
      array_agg(t.subject_id), array_agg(t.meter_id), array_agg(t.is_latest), array_agg(t.is_cap),
      array_agg(t.reserved), array_agg(t.room),
      (select array_agg(c.id order by c.id, c.at) from closed c),
      (select array_agg(c.organization_id order by c.id, c.at) from closed c),
      (select array_agg(c.at order by c.id, c.at) from closed c)
    into organization_ids, quota_ids, window_froms, resets, subject_ids, meter_ids, latests, caps, reserved, rooms,
      closed_ids, closed_organizations, closed_instants
    from (
      select *
      from tight
      order by organization_id, resets_at desc, id
    ) t;
    exit when closed_ids is null;
    perform metering_open_missing(closed_ids, closed_organizations, closed_instants);
  end loop;
end
$$;
