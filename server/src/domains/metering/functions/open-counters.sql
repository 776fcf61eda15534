-- Makes counters ready for use at these instants, each with its organization: limits whose time has come are made anew,
-- and every quota gets a counter for the window that the instant falls in. The caller has locked the organizations' funds.

create function metering_open_counters(p_organization_ids text[], p_instants timestamptz[]) returns void
language plpgsql
set enable_seqscan = off
set plan_cache_mode = force_generic_plan
as $$
begin
  perform metering_open_missing(array_agg(q.id), array_agg(q.organization_id), array_agg(i.at))
  from (
    -- the first and the last of each minute: no window lies between
    select distinct m.organization_id, e.at
    from (
      select u.organization_id, min(u.at) as first_at, max(u.at) as last_at
      from unnest(p_organization_ids, p_instants) as u (organization_id, at)
      group by u.organization_id, date_bin('1 minute', u.at, 'epoch')
    ) m
    cross join lateral (values (m.first_at), (m.last_at)) as e (at)
  ) i
  join entitlements_quotas q on q.organization_id = i.organization_id
  having count(*) > 0;
end
$$;

-- The same for single quotas.
create function metering_open_missing(p_quota_ids text[], p_organization_ids text[], p_instants timestamptz[])
returns void
language plpgsql
set enable_seqscan = off
set plan_cache_mode = force_generic_plan
as $$
declare
  missing record;
begin
  perform entitlements_refresh_quotas(array_agg(d.id), max(d.at))
  from (
    select q.id, max(i.at) as at
    from unnest(p_quota_ids, p_instants) as i (quota_id, at)
    join entitlements_quotas q on q.id = i.quota_id and q.changes_at <= i.at
    group by q.id
  ) d
  having count(*) > 0;

  for missing in
    select i.quota_id, i.organization_id, i.at
    from unnest(p_quota_ids, p_organization_ids, p_instants) as i (quota_id, organization_id, at)
    where not exists (
      select
      from metering_counters c
      where c.quota_id = i.quota_id
        and c.window_from <= i.at
        and c.resets_at > i.at
    )
    order by i.quota_id, i.at
  loop
    continue when exists (
      select
      from metering_counters c
      where c.quota_id = missing.quota_id
        and c.window_from <= missing.at
        and c.resets_at > missing.at
    );
    perform metering_open_counter(missing.quota_id, missing.organization_id, missing.at);
  end loop;
end
$$;

-- Whether a window of these organizations ends between two instants, but not with a minute.
create function metering_ends_within_minute(p_organization_ids text[], p_earliest timestamptz, p_latest timestamptz)
returns boolean
language plpgsql
stable
set enable_seqscan = off
set plan_cache_mode = force_generic_plan
as $$
begin
  return exists (
    select
    from metering_counters c
    where c.organization_id = any (p_organization_ids)
      and c.resets_at > p_earliest
      and c.resets_at <= p_latest
      and c.resets_at <> date_bin('1 minute', c.resets_at, 'epoch')
  );
end
$$;

-- Opens the counter of one window. A quota that was made within it starts from what was used before.
create function metering_open_counter(p_quota_id text, p_organization_id text, p_at timestamptz) returns void
language plpgsql
as $$
declare
  quota entitlements_quotas;
  zone text;
  opened record;
  last_reset timestamptz;
  next_from timestamptz;
  carried record;
  held bigint := 0;
begin
  select * into strict quota from entitlements_quotas where id = p_quota_id;
  select time_zone into strict zone from ledger_organizations where organization_id = p_organization_id;
  select * into opened from metering_window(quota.window, quota.anchor_at, zone, p_at);
  select max(resets_at) filter (where resets_at <= p_at), min(window_from) filter (where window_from > p_at)
  into last_reset, next_from
  from metering_counters
  where quota_id = p_quota_id;

  -- A new zone counts from the reset of the window that was cut in the old one, and the window after is the longer.
  if quota.time_zone <> zone and next_from is null then
    if last_reset is not null then
      declare
        after_change record;
      begin
        select * into after_change from metering_window(quota.window, quota.anchor_at, zone, last_reset);
        if after_change.window_from < last_reset then
          select w.resets_at
          into after_change.resets_at
          from metering_window(quota.window, quota.anchor_at, zone, after_change.resets_at) w;
          if p_at < after_change.resets_at then
            opened.window_from := last_reset;
            opened.resets_at := after_change.resets_at;
          end if;
        end if;
      end;
    end if;
    update entitlements_quotas set time_zone = zone where id = p_quota_id;
  end if;
  opened.window_from := greatest(opened.window_from, last_reset);
  opened.resets_at := least(opened.resets_at, next_from);

  select * into carried from metering_used_within(quota, zone, opened.window_from, opened.resets_at);
  -- Later windows were open before anything was reserved in them. Clocks may differ, and calls have waited for locks.
  if quota.created_at > opened.window_from - interval '1 hour' then
    held := metering_held_within(quota, opened.window_from, opened.resets_at);
  end if;
  insert into metering_counters (quota_id, window_from, resets_at, organization_id, used, reserved, latest_at)
  values (
    p_quota_id, opened.window_from, opened.resets_at, p_organization_id, carried.used, held, carried.latest_at
  );
end
$$;

-- What calls in flight that began within these instants have reserved of a quota.
create function metering_held_within(p_quota entitlements_quotas, p_from timestamptz, p_until timestamptz)
returns bigint
language sql
stable
as $$
  select coalesce(sum(
    case p_quota.meter_id
      when 'mtr_requests' then (h.model is not null)::integer
      when 'mtr_tokens' then h.tokens
      when 'mtr_cost' then (select coalesce(sum(a), 0) from unnest(h.amounts) a)
      else (
        select coalesce(sum(m.quantity), 0)
        from unnest(h.meter_ids, h.quantities) as m (meter_id, quantity)
        where m.meter_id = p_quota.meter_id
          and p_quota.aggregation in ('count', 'sum', 'weighted_sum')
      )
    end
  ), 0)::bigint
  from access_holds h
  where h.organization_id = p_quota.organization_id
    and h.authorized_at >= p_from
    and h.authorized_at < p_until
    and metering_is_subject(p_quota, h.api_key_id, h.user_id, h.cost_center_id)
$$;

create function metering_is_subject(
  p_quota entitlements_quotas,
  p_api_key_id text,
  p_user_id text,
  p_cost_center_id text
)
returns boolean
language sql
immutable
as $$
  select case p_quota.subject_kind
    when 'organization' then true
    when 'api_key' then coalesce(p_quota.subject_id = p_api_key_id, false)
    when 'member' then coalesce(p_quota.subject_id = p_user_id, false)
    else coalesce(p_quota.subject_id = p_cost_center_id, false)
  end
$$;

-- What was used of a quota within these instants: whole hours from their sums, the rest from the rows themselves. An id of
-- a call is made at most an hour before the instant that the call belongs to.
create function metering_used_within(
  p_quota entitlements_quotas,
  p_time_zone text,
  p_from timestamptz,
  p_until timestamptz,
  out used bigint,
  out latest_at timestamptz
)
language plpgsql
as $$
declare
  is_call constant boolean := p_quota.meter_id in ('mtr_requests', 'mtr_tokens', 'mtr_cost');
begin
  with whole as (
    select
      case p_quota.meter_id
        when 'mtr_requests' then s.calls
        when 'mtr_tokens' then s.input_tokens + s.output_tokens
        else s.amount
      end as quantity,
      null::bigint as latest,
      null::timestamptz as at
    from metering_calls_hourly s
    where is_call
      and s.organization_id = p_quota.organization_id
      and s.starts_at >= p_from
      and s.starts_at + interval '1 hour' <= p_until
      and s.model <> ''
      and metering_is_subject(p_quota, s.api_key_id, s.user_id, s.cost_center_id)
    union all
    select case p_quota.aggregation when 'max' then s.maximum else s.total end, s.latest, s.latest_at
    from metering_quantities_hourly s
    where not is_call
      and s.organization_id = p_quota.organization_id
      and s.meter_id = p_quota.meter_id
      and s.starts_at >= p_from
      and s.starts_at + interval '1 hour' <= p_until
      and metering_is_subject(p_quota, s.api_key_id, s.user_id, s.cost_center_id)
  ),
  edges as (
    select greatest(p_from, '-infinity') as begins_at, least(p_from + interval '1 hour', p_until) as ends_at
    where p_from > '-infinity'
    union all
    select greatest(p_until - interval '1 hour', p_from + interval '1 hour'), p_until
    where p_until < 'infinity'
      and p_until > p_from + interval '1 hour'
  ),
  parts as (
    select u.authorized_at as at,
      case p_quota.meter_id
        when 'mtr_requests' then 1
        when 'mtr_tokens' then u.input_tokens + u.output_tokens
        when 'mtr_cost' then u.amount
        else (
          select coalesce(sum(m.quantity), 0)
          from unnest(u.meter_ids, u.quantities) as m (meter_id, quantity)
          where m.meter_id = p_quota.meter_id
        )
      end as quantity
    from edges e
    join metering_usage u
      on u.organization_id = p_quota.organization_id
      and u.request_id >= metering_id_at('req', e.begins_at - interval '1 hour')
      and u.request_id < metering_id_at('req', e.ends_at + interval '1 hour')
      and u.authorized_at >= e.begins_at
      and u.authorized_at < e.ends_at
    where metering_is_subject(p_quota, u.api_key_id, u.user_id, u.cost_center_id)
      and case when is_call then u.model is not null else p_quota.meter_id = any (u.meter_ids) end
    union all
    select v.occurred_at, v.quantity
    from edges e
    join metering_events v
      on v.organization_id = p_quota.organization_id
      and v.meter_id = p_quota.meter_id
      and v.occurred_at >= e.begins_at
      and v.occurred_at < e.ends_at
    where not is_call
      and v.superseded_by is null
      and metering_is_subject(p_quota, v.api_key_id, v.user_id, v.cost_center_id)
  ),
  used_of as (
    select * from whole
    union all
    select p.quantity, p.quantity, p.at
    from parts p
    where not (
      date_trunc('hour', p.at, p_time_zone) >= p_from
      and date_trunc('hour', p.at, p_time_zone) + interval '1 hour' <= p_until
    )
  )
  select
    coalesce(
      case p_quota.aggregation
        when 'max' then max(o.quantity)
        when 'latest' then (array_agg(o.latest order by o.at desc))[1]
        else sum(o.quantity)
      end,
      0
    )::bigint,
    case p_quota.aggregation when 'latest' then max(o.at) end
  into used, latest_at
  from used_of o;

  if p_quota.aggregation = 'unique' then
    insert into metering_counter_values (quota_id, window_from, value)
    select distinct p_quota.id, p_from, v.value
    from metering_events v
    where v.organization_id = p_quota.organization_id
      and v.meter_id = p_quota.meter_id
      and v.occurred_at >= p_from
      and v.occurred_at < p_until
      and v.value is not null
      and v.superseded_by is null
      and metering_is_subject(p_quota, v.api_key_id, v.user_id, v.cost_center_id)
    on conflict do nothing;
    select count(*) into used
    from metering_counter_values s
    where s.quota_id = p_quota.id and s.window_from = p_from;
  end if;
end
$$;
