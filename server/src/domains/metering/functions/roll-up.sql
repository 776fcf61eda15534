-- Adds settled calls to the sums of their hours and days. The arrays are parallel; `p_funds` says where in the last three
-- the zone and currency of a call's organization are, null leaves the call out. The caller has locked the organizations' funds.

create function metering_roll_up_calls(
  p_organization_ids text[], p_application_ids text[], p_api_key_ids text[], p_user_ids text[],
  p_models text[], p_tags text[],
  p_authorized_at timestamptz[], p_outcomes text[], p_estimated boolean[],
  p_input_tokens bigint[], p_cached_input_tokens bigint[], p_cache_write_tokens bigint[],
  p_output_tokens bigint[], p_reasoning_tokens bigint[],
  p_costs bigint[], p_shortfalls bigint[],
  p_latency_ms integer[], p_first_token_ms integer[],
  p_funds integer[], p_zones text[], p_currencies text[],
  p_earliest timestamptz, p_latest timestamptz
) returns void
language plpgsql
set enable_seqscan = off
set plan_cache_mode = force_generic_plan
set jit = off
as $$
declare
  -- of each zone, where all the calls are within one
  hours constant timestamptz[] := array(
    select case date_trunc('hour', p_latest, zone) when first_hour then first_hour end
    from unnest(p_zones) with ordinality as z (zone, place)
    cross join lateral (select date_trunc('hour', p_earliest, zone) as first_hour) h
    order by place
  );
begin
  with sums as (
    select p_organization_ids[i] as organization_id, p_funds[i] as fund,
      coalesce(hours[p_funds[i]], date_trunc('hour', p_authorized_at[i], p_zones[p_funds[i]])) as starts_at,
      p_application_ids[i] as application_id, p_api_key_ids[i] as api_key_id, p_user_ids[i] as user_id,
      p_models[i] as model, p_tags[i] as tags,
      count(*) as calls,
      count(*) filter (where p_outcomes[i] = 'aborted') as aborted,
      count(*) filter (where p_outcomes[i] = 'upstream_error') as failed,
      count(*) filter (where p_estimated[i]) as estimated,
      sum(p_input_tokens[i])::bigint as input_tokens,
      sum(p_cached_input_tokens[i])::bigint as cached_input_tokens,
      sum(p_cache_write_tokens[i])::bigint as cache_write_tokens,
      sum(p_output_tokens[i])::bigint as output_tokens,
      sum(p_reasoning_tokens[i])::bigint as reasoning_tokens,
      sum(p_costs[i])::bigint as amount,
      sum(p_shortfalls[i])::bigint as shortfall,
      coalesce(sum(p_latency_ms[i]), 0) as latency_ms, count(p_latency_ms[i]) as latency_calls,
      coalesce(sum(p_first_token_ms[i]), 0) as first_token_ms, count(p_first_token_ms[i]) as first_token_calls
    from generate_subscripts(p_funds, 1) as i
    where p_funds[i] is not null
    group by 1, 2, 3, 4, 5, 6, 7, 8
  ),
  hourly as (
    insert into metering_calls_hourly as h (
      organization_id, starts_at, application_id, api_key_id, user_id, model, tags, currency, calls, aborted, failed,
      estimated, input_tokens, cached_input_tokens, cache_write_tokens, output_tokens, reasoning_tokens, amount,
      shortfall, latency_ms, latency_calls, first_token_ms, first_token_calls
    )
    select s.organization_id, s.starts_at, coalesce(s.application_id, ''), coalesce(s.api_key_id, ''),
      coalesce(s.user_id, ''), coalesce(s.model, ''), s.tags, p_currencies[s.fund], s.calls, s.aborted, s.failed,
      s.estimated, s.input_tokens, s.cached_input_tokens, s.cache_write_tokens, s.output_tokens, s.reasoning_tokens,
      s.amount, s.shortfall, s.latency_ms, s.latency_calls, s.first_token_ms, s.first_token_calls
    from sums s
    on conflict (organization_id, starts_at, application_id, api_key_id, user_id, model, tags, currency)
    do update set
      calls = h.calls + excluded.calls,
      aborted = h.aborted + excluded.aborted,
      failed = h.failed + excluded.failed,
      estimated = h.estimated + excluded.estimated,
      input_tokens = h.input_tokens + excluded.input_tokens,
      cached_input_tokens = h.cached_input_tokens + excluded.cached_input_tokens,
      cache_write_tokens = h.cache_write_tokens + excluded.cache_write_tokens,
      output_tokens = h.output_tokens + excluded.output_tokens,
      reasoning_tokens = h.reasoning_tokens + excluded.reasoning_tokens,
      amount = h.amount + excluded.amount,
      shortfall = h.shortfall + excluded.shortfall,
      latency_ms = h.latency_ms + excluded.latency_ms,
      latency_calls = h.latency_calls + excluded.latency_calls,
      first_token_ms = h.first_token_ms + excluded.first_token_ms,
      first_token_calls = h.first_token_calls + excluded.first_token_calls
  )
  insert into metering_calls_daily as d (
    organization_id, starts_at, application_id, api_key_id, user_id, model, tags, currency, calls, aborted, failed,
    estimated, input_tokens, cached_input_tokens, cache_write_tokens, output_tokens, reasoning_tokens, amount,
    shortfall, latency_ms, latency_calls, first_token_ms, first_token_calls
  )
  select s.organization_id, date_trunc('day', s.starts_at, p_zones[s.fund]) as day, coalesce(s.application_id, ''),
    coalesce(s.api_key_id, ''), coalesce(s.user_id, ''), coalesce(s.model, ''), s.tags, p_currencies[s.fund],
    sum(s.calls), sum(s.aborted), sum(s.failed), sum(s.estimated), sum(s.input_tokens), sum(s.cached_input_tokens),
    sum(s.cache_write_tokens), sum(s.output_tokens), sum(s.reasoning_tokens), sum(s.amount), sum(s.shortfall),
    sum(s.latency_ms), sum(s.latency_calls), sum(s.first_token_ms), sum(s.first_token_calls)
  from sums s
  group by s.organization_id, day, s.application_id, s.api_key_id, s.user_id, s.model, s.tags, s.fund
  on conflict (organization_id, starts_at, application_id, api_key_id, user_id, model, tags, currency)
  do update set
    calls = d.calls + excluded.calls,
    aborted = d.aborted + excluded.aborted,
    failed = d.failed + excluded.failed,
    estimated = d.estimated + excluded.estimated,
    input_tokens = d.input_tokens + excluded.input_tokens,
    cached_input_tokens = d.cached_input_tokens + excluded.cached_input_tokens,
    cache_write_tokens = d.cache_write_tokens + excluded.cache_write_tokens,
    output_tokens = d.output_tokens + excluded.output_tokens,
    reasoning_tokens = d.reasoning_tokens + excluded.reasoning_tokens,
    amount = d.amount + excluded.amount,
    shortfall = d.shortfall + excluded.shortfall,
    latency_ms = d.latency_ms + excluded.latency_ms,
    latency_calls = d.latency_calls + excluded.latency_calls,
    first_token_ms = d.first_token_ms + excluded.first_token_ms,
    first_token_calls = d.first_token_calls + excluded.first_token_calls;
end
$$;

-- The same for what calls used of applications' meters.
create function metering_roll_up_quantities(
  p_organization_ids text[], p_application_ids text[], p_api_key_ids text[], p_user_ids text[],
  p_tags text[], p_authorized_at timestamptz[],
  p_meter_calls integer[], p_meter_ids text[], p_quantities bigint[],
  p_funds integer[], p_zones text[]
) returns void
language plpgsql
set enable_seqscan = off
set plan_cache_mode = force_generic_plan
set jit = off
as $$
begin
  with used as (
    select p_organization_ids[i] as organization_id, p_authorized_at[i] as at, m.meter_id, m.quantity,
      coalesce(p_application_ids[i], '') as application_id, coalesce(p_api_key_ids[i], '') as api_key_id,
      coalesce(p_user_ids[i], '') as user_id, p_tags[i] as tags, p_zones[p_funds[i]] as zone
    from unnest(p_meter_calls, p_meter_ids, p_quantities) as m (i, meter_id, quantity)
    where p_funds[i] is not null
  ),
  hourly as (
    insert into metering_quantities_hourly as h (
      organization_id, starts_at, meter_id, application_id, api_key_id, user_id, tags, events, total, maximum, latest,
      latest_at
    )
    select u.organization_id, date_trunc('hour', u.at, u.zone) as hour, u.meter_id, u.application_id, u.api_key_id,
      u.user_id, u.tags, count(*), sum(u.quantity), max(u.quantity), (array_agg(u.quantity order by u.at desc))[1],
      max(u.at)
    from used u
    group by u.organization_id, hour, u.meter_id, u.application_id, u.api_key_id, u.user_id, u.tags
    on conflict (organization_id, starts_at, meter_id, application_id, api_key_id, user_id, tags)
    do update set
      events = h.events + excluded.events,
      total = h.total + excluded.total,
      maximum = greatest(h.maximum, excluded.maximum),
      latest = case when excluded.latest_at >= h.latest_at then excluded.latest else h.latest end,
      latest_at = greatest(h.latest_at, excluded.latest_at)
  )
  insert into metering_quantities_daily as d (
    organization_id, starts_at, meter_id, application_id, api_key_id, user_id, tags, events, total, maximum, latest,
    latest_at
  )
  select u.organization_id, date_trunc('day', u.at, u.zone) as day, u.meter_id, u.application_id, u.api_key_id,
    u.user_id, u.tags, count(*), sum(u.quantity), max(u.quantity), (array_agg(u.quantity order by u.at desc))[1],
    max(u.at)
  from used u
  group by u.organization_id, day, u.meter_id, u.application_id, u.api_key_id, u.user_id, u.tags
  on conflict (organization_id, starts_at, meter_id, application_id, api_key_id, user_id, tags)
  do update set
    events = d.events + excluded.events,
    total = d.total + excluded.total,
    maximum = greatest(d.maximum, excluded.maximum),
    latest = case when excluded.latest_at >= d.latest_at then excluded.latest else d.latest end,
    latest_at = greatest(d.latest_at, excluded.latest_at);
end
$$;
