-- Records that a limit was refused by or passed, once per window, and tells whoever listens.

create function metering_violate(
  p_quota_id text,
  p_window_from timestamptz,
  p_requested bigint,
  p_business timestamptz,
  p_wall timestamptz
) returns void
language sql
as $$
  with violation as (
    insert into metering_violations (
      id, organization_id, quota_id, window_from, resets_at, subject_kind, subject_id, meter_id, "window",
      limit_amount, used, requested, is_hard, occurred_at
    )
    select metering_new_id('vio', p_business), q.organization_id, q.id, c.window_from, c.resets_at, q.subject_kind,
      q.subject_id, q.meter_id, q.window, q.limit_amount, c.used, p_requested, q.is_hard, p_business
    from entitlements_quotas q
    join metering_counters c on c.quota_id = q.id and c.window_from = p_window_from
    where q.id = p_quota_id
      and q.limit_amount is not null
    on conflict (quota_id, window_from) do nothing
    returning *
  )
  insert into platform_outbox (id, event, payload, created_at, due_at)
  select metering_new_id('evt', p_wall), 'quota.exceeded',
    jsonb_build_object(
      'violationId', v.id,
      'organizationId', v.organization_id,
      'quotaId', v.quota_id,
      'subjectKind', v.subject_kind,
      'subjectId', v.subject_id,
      'meterId', v.meter_id,
      'window', v.window,
      'resetsAt', case
        when isfinite(v.resets_at)
        then to_char(v.resets_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
      end,
      'limit', v.limit_amount::text,
      'used', v.used::text,
      'requested', v.requested::text,
      'isHard', v.is_hard,
      'occurredAt', to_char(v.occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
    ),
    p_wall, p_wall
  from violation v
$$;
