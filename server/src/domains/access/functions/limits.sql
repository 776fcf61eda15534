-- The limits that calls count against, as they are now.
create function access_limits(
  p_calls integer[],
  p_organization_ids text[],
  p_api_key_ids text[],
  p_user_ids text[],
  p_cost_center_ids text[],
  p_tokens bigint[],
  p_authorized_at timestamptz[],
  p_meter_calls integer[],
  p_meter_ids text[]
) returns jsonb
language sql
stable
as $$
  select jsonb_agg(
    access_limit(w.call, q, c.used, c.reserved, c.resets_at) order by w.call, q.meter_id, c.resets_at, q.id
  )
  from unnest(p_calls) as w (call)
  cross join lateral (
    values ('organization', p_organization_ids[w.call]), ('api_key', p_api_key_ids[w.call]),
      ('member', p_user_ids[w.call]), ('cost_center', p_cost_center_ids[w.call])
  ) as s (kind, id)
  join entitlements_quotas q
    on q.organization_id = p_organization_ids[w.call]
    and q.subject_kind = s.kind
    and q.subject_id = s.id
    and q.is_in_force
    and (
      (p_tokens[w.call] is not null and q.meter_id in ('mtr_requests', 'mtr_tokens', 'mtr_cost'))
      or exists (
        select
        from unnest(p_meter_calls, p_meter_ids) as m (call, meter_id)
        where m.call = w.call
          and m.meter_id = q.meter_id
      )
    )
  join metering_counters c
    on c.quota_id = q.id
    and c.window_from <= p_authorized_at[w.call]
    and c.resets_at > p_authorized_at[w.call]
$$;

create function access_limit(
  p_call integer,
  p_quota entitlements_quotas,
  p_used bigint,
  p_reserved bigint,
  p_resets_at timestamptz
) returns jsonb
language sql
stable
as $$
  select jsonb_build_object(
    'call', p_call,
    'quotaId', p_quota.id,
    'meterId', p_quota.meter_id,
    'subjectKind', p_quota.subject_kind,
    'subjectId', p_quota.subject_id,
    'window', p_quota.window,
    'limit', p_quota.limit_amount::text,
    'isHard', p_quota.is_hard,
    'used', p_used::text,
    'reserved', p_reserved::text,
    'resetsAt', case when isfinite(p_resets_at) then (extract(epoch from p_resets_at) * 1000)::bigint end
  )
$$;

-- Records which limits refused, and shows them as they were when they did.
create function access_refuse(
  p_calls integer[],
  p_quota_ids text[],
  p_window_froms timestamptz[],
  p_needs bigint[],
  p_reserved bigint[],
  p_business timestamptz,
  p_wall timestamptz
) returns jsonb
language plpgsql
as $$
begin
  for k in 1 .. cardinality(p_calls) loop
    perform metering_violate(p_quota_ids[k], p_window_froms[k], p_needs[k], p_business, p_wall);
  end loop;
  return (
    select jsonb_agg(access_limit(r.call, q, c.used, r.reserved, c.resets_at))
    from unnest(p_calls, p_quota_ids, p_window_froms, p_reserved) as r (call, quota_id, window_from, reserved)
    join entitlements_quotas q on q.id = r.quota_id
    join metering_counters c on c.quota_id = r.quota_id and c.window_from = r.window_from
  );
end
$$;

-- The calls that use a meter which may not be used without a quota, and have none in force; with the first such meter.
create function access_unmet_requirements(
  p_organization_ids text[],
  p_api_key_ids text[],
  p_user_ids text[],
  p_cost_center_ids text[],
  p_meter_calls integer[],
  p_meter_ids text[],
  p_required boolean[],
  out calls integer[],
  out meters jsonb
)
language sql
stable
as $$
  select array_agg(u.call), jsonb_agg(jsonb_build_object('call', u.call, 'requiredMeterId', u.meter_id))
  from (
    select m.call, min(m.meter_id) as meter_id
    from unnest(p_meter_calls, p_meter_ids, p_required) as m (call, meter_id, is_required)
    where m.is_required
      and not exists (
        select
        from entitlements_quotas q
        where q.organization_id = p_organization_ids[m.call]
          and q.meter_id = m.meter_id
          and q.is_in_force
          and (
            (q.subject_kind = 'organization' and q.subject_id = p_organization_ids[m.call])
            or (q.subject_kind = 'api_key' and q.subject_id = p_api_key_ids[m.call])
            or (q.subject_kind = 'member' and q.subject_id = p_user_ids[m.call])
            or (q.subject_kind = 'cost_center' and q.subject_id = p_cost_center_ids[m.call])
          )
      )
    group by m.call
  ) u
$$;
