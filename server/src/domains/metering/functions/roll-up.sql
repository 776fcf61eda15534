-- Adds settled calls to the sums of their hours and days. The arrays are parallel; `p_funds` says where in the last three
-- the zone and currency of a call's organization are, null leaves the call out. The caller has locked the organizations'
-- funds, so no one else writes their sums, and what an update does not find is not there.

create function metering_roll_up_calls(
  p_organization_ids text[], p_application_ids text[], p_api_key_ids text[], p_user_ids text[],
  p_cost_center_ids text[],
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
  days constant timestamptz[] := array(
    select date_trunc('day', p_earliest, zone)
    from unnest(p_zones) with ordinality as z (zone, place)
    order by place
  );
  part record;
  new_hours integer[];
  new_days integer[];
begin
  -- A batch around a full hour: each hour for itself.
  if array_position(hours, null) > 0
    and exists (select from unnest(p_funds) as f (fund) where f.fund is not null and hours[f.fund] is null)
  then
    for part in
      select min(p_authorized_at[i]) as earliest, max(p_authorized_at[i]) as latest, array_agg(i) as calls
      from generate_subscripts(p_funds, 1) as i
      where p_funds[i] is not null
      group by date_trunc('hour', p_authorized_at[i], p_zones[p_funds[i]])
    loop
      perform metering_roll_up_calls(
        p_organization_ids, p_application_ids, p_api_key_ids, p_user_ids, p_cost_center_ids, p_models, p_tags,
        p_authorized_at, p_outcomes,
        p_estimated, p_input_tokens, p_cached_input_tokens, p_cache_write_tokens, p_output_tokens, p_reasoning_tokens,
        p_costs, p_shortfalls, p_latency_ms, p_first_token_ms,
        array(
          select case when i = any (part.calls) then p_funds[i] end from generate_subscripts(p_funds, 1) as i order by i
        ),
        p_zones, p_currencies, part.earliest, part.latest
      );
    end loop;
    return;
  end if;

  -- Again for those that were not there.
  for turn in 1 .. 2 loop
    with sums as (
      select p_organization_ids[i] as organization_id, hours[p_funds[i]] as hour, days[p_funds[i]] as day,
        coalesce(p_application_ids[i], '') as application_id, coalesce(p_api_key_ids[i], '') as api_key_id,
        coalesce(p_user_ids[i], '') as user_id,
      coalesce(p_cost_center_ids[i], '') as cost_center_id, coalesce(p_models[i], '') as model, p_tags[i] as tags,
        p_currencies[p_funds[i]] as currency,
        min(i) as place,
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
      group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
    ),
    hourly as (
      update metering_calls_hourly h
      set
        calls = h.calls + s.calls,
        aborted = h.aborted + s.aborted,
        failed = h.failed + s.failed,
        estimated = h.estimated + s.estimated,
        input_tokens = h.input_tokens + s.input_tokens,
        cached_input_tokens = h.cached_input_tokens + s.cached_input_tokens,
        cache_write_tokens = h.cache_write_tokens + s.cache_write_tokens,
        output_tokens = h.output_tokens + s.output_tokens,
        reasoning_tokens = h.reasoning_tokens + s.reasoning_tokens,
        amount = h.amount + s.amount,
        shortfall = h.shortfall + s.shortfall,
        latency_ms = h.latency_ms + s.latency_ms,
        latency_calls = h.latency_calls + s.latency_calls,
        first_token_ms = h.first_token_ms + s.first_token_ms,
        first_token_calls = h.first_token_calls + s.first_token_calls
      from sums s
      where h.organization_id = s.organization_id
        and h.starts_at = s.hour
        and h.application_id = s.application_id
        and h.api_key_id = s.api_key_id
        and h.user_id = s.user_id
        and h.cost_center_id = s.cost_center_id
        and h.model = s.model
        and h.tags = s.tags
        and h.currency = s.currency
        and (turn = 1 or s.place = any (new_hours))
      returning s.place
    ),
    daily as (
      update metering_calls_daily d
      set
        calls = d.calls + s.calls,
        aborted = d.aborted + s.aborted,
        failed = d.failed + s.failed,
        estimated = d.estimated + s.estimated,
        input_tokens = d.input_tokens + s.input_tokens,
        cached_input_tokens = d.cached_input_tokens + s.cached_input_tokens,
        cache_write_tokens = d.cache_write_tokens + s.cache_write_tokens,
        output_tokens = d.output_tokens + s.output_tokens,
        reasoning_tokens = d.reasoning_tokens + s.reasoning_tokens,
        amount = d.amount + s.amount,
        shortfall = d.shortfall + s.shortfall,
        latency_ms = d.latency_ms + s.latency_ms,
        latency_calls = d.latency_calls + s.latency_calls,
        first_token_ms = d.first_token_ms + s.first_token_ms,
        first_token_calls = d.first_token_calls + s.first_token_calls
      from sums s
      where d.organization_id = s.organization_id
        and d.starts_at = s.day
        and d.application_id = s.application_id
        and d.api_key_id = s.api_key_id
        and d.user_id = s.user_id
        and d.cost_center_id = s.cost_center_id
        and d.model = s.model
        and d.tags = s.tags
        and d.currency = s.currency
        and (turn = 1 or s.place = any (new_days))
      returning s.place
    )
    select array_agg(s.place) filter (where s.place not in (select place from hourly)),
      array_agg(s.place) filter (where s.place not in (select place from daily))
    into new_hours, new_days
    from sums s;
    exit when turn = 2 or num_nonnulls(new_hours, new_days) = 0;

    insert into metering_calls_hourly (
      organization_id, starts_at, application_id, api_key_id, user_id, cost_center_id, model, tags, currency
    )
    select p_organization_ids[i], hours[p_funds[i]], coalesce(p_application_ids[i], ''), coalesce(p_api_key_ids[i], ''),
      coalesce(p_user_ids[i], ''), coalesce(p_cost_center_ids[i], ''), coalesce(p_models[i], ''), p_tags[i],
      p_currencies[p_funds[i]]
    from unnest(new_hours) as i;
    insert into metering_calls_daily (
      organization_id, starts_at, application_id, api_key_id, user_id, cost_center_id, model, tags, currency
    )
    select p_organization_ids[i], days[p_funds[i]], coalesce(p_application_ids[i], ''), coalesce(p_api_key_ids[i], ''),
      coalesce(p_user_ids[i], ''), coalesce(p_cost_center_ids[i], ''), coalesce(p_models[i], ''), p_tags[i],
      p_currencies[p_funds[i]]
    from unnest(new_days) as i;
  end loop;
end
$$;

-- The same for one call of a model that is paid in full, for a third of the time where its sums are there.
create function metering_roll_up_call(
  p_organization_id text, p_application_id text, p_api_key_id text, p_user_id text, p_cost_center_id text,
  p_model text, p_tags text, p_authorized_at timestamptz, p_outcome text, p_estimated boolean,
  p_input_tokens bigint, p_cached_input_tokens bigint, p_cache_write_tokens bigint,
  p_output_tokens bigint, p_reasoning_tokens bigint, p_cost bigint,
  p_latency_ms integer, p_first_token_ms integer,
  p_zone text, p_currency text
) returns void
language plpgsql
as $$
declare
  hour tid;
  day tid;
begin
  hour := (
    select ctid
    from metering_calls_hourly
    where organization_id = p_organization_id
      and starts_at = date_trunc('hour', p_authorized_at, p_zone)
      and application_id = coalesce(p_application_id, '')
      and api_key_id = coalesce(p_api_key_id, '')
      and user_id = coalesce(p_user_id, '')
      and cost_center_id = coalesce(p_cost_center_id, '')
      and model = p_model
      and tags = p_tags
      and currency = p_currency
  );
  day := (
    select ctid
    from metering_calls_daily
    where organization_id = p_organization_id
      and starts_at = date_trunc('day', p_authorized_at, p_zone)
      and application_id = coalesce(p_application_id, '')
      and api_key_id = coalesce(p_api_key_id, '')
      and user_id = coalesce(p_user_id, '')
      and cost_center_id = coalesce(p_cost_center_id, '')
      and model = p_model
      and tags = p_tags
      and currency = p_currency
  );
  if hour is null or day is null then
    perform metering_roll_up_calls(
      array[p_organization_id], array[p_application_id], array[p_api_key_id], array[p_user_id],
      array[p_cost_center_id], array[p_model],
      array[p_tags], array[p_authorized_at], array[p_outcome], array[p_estimated], array[p_input_tokens],
      array[p_cached_input_tokens], array[p_cache_write_tokens], array[p_output_tokens], array[p_reasoning_tokens],
      array[p_cost], array[0::bigint], array[p_latency_ms], array[p_first_token_ms], array[1], array[p_zone],
      array[p_currency], p_authorized_at, p_authorized_at
    );
    return;
  end if;

  update metering_calls_hourly
  set
    calls = calls + 1,
    aborted = aborted + (p_outcome = 'aborted')::integer,
    failed = failed + (p_outcome = 'upstream_error')::integer,
    estimated = estimated + p_estimated::integer,
    input_tokens = input_tokens + p_input_tokens,
    cached_input_tokens = cached_input_tokens + p_cached_input_tokens,
    cache_write_tokens = cache_write_tokens + p_cache_write_tokens,
    output_tokens = output_tokens + p_output_tokens,
    reasoning_tokens = reasoning_tokens + p_reasoning_tokens,
    amount = amount + p_cost,
    latency_ms = latency_ms + coalesce(p_latency_ms, 0),
    latency_calls = latency_calls + num_nonnulls(p_latency_ms),
    first_token_ms = first_token_ms + coalesce(p_first_token_ms, 0),
    first_token_calls = first_token_calls + num_nonnulls(p_first_token_ms)
  where ctid = hour;

  update metering_calls_daily
  set
    calls = calls + 1,
    aborted = aborted + (p_outcome = 'aborted')::integer,
    failed = failed + (p_outcome = 'upstream_error')::integer,
    estimated = estimated + p_estimated::integer,
    input_tokens = input_tokens + p_input_tokens,
    cached_input_tokens = cached_input_tokens + p_cached_input_tokens,
    cache_write_tokens = cache_write_tokens + p_cache_write_tokens,
    output_tokens = output_tokens + p_output_tokens,
    reasoning_tokens = reasoning_tokens + p_reasoning_tokens,
    amount = amount + p_cost,
    latency_ms = latency_ms + coalesce(p_latency_ms, 0),
    latency_calls = latency_calls + num_nonnulls(p_latency_ms),
    first_token_ms = first_token_ms + coalesce(p_first_token_ms, 0),
    first_token_calls = first_token_calls + num_nonnulls(p_first_token_ms)
  where ctid = day;
end
$$;

-- The same for what calls used of applications' meters.
create function metering_roll_up_quantities(
  p_organization_ids text[], p_application_ids text[], p_api_key_ids text[], p_user_ids text[],
  p_cost_center_ids text[],
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
      coalesce(p_user_ids[i], '') as user_id,
      coalesce(p_cost_center_ids[i], '') as cost_center_id, p_tags[i] as tags, p_zones[p_funds[i]] as zone
    from unnest(p_meter_calls, p_meter_ids, p_quantities) as m (i, meter_id, quantity)
    where p_funds[i] is not null
  ),
  hourly as (
    insert into metering_quantities_hourly as h (
      organization_id, starts_at, meter_id, application_id, api_key_id, user_id, cost_center_id, tags, events, total,
      maximum, latest,
      latest_at
    )
    select u.organization_id, date_trunc('hour', u.at, u.zone) as hour, u.meter_id, u.application_id, u.api_key_id,
      u.user_id, u.cost_center_id, u.tags, count(*), sum(u.quantity), max(u.quantity),
      (array_agg(u.quantity order by u.at desc))[1],
      max(u.at)
    from used u
    group by u.organization_id, hour, u.meter_id, u.application_id, u.api_key_id, u.user_id, u.cost_center_id, u.tags
    on conflict (organization_id, starts_at, meter_id, application_id, api_key_id, user_id, cost_center_id, tags)
    do update set
      events = h.events + excluded.events,
      total = h.total + excluded.total,
      maximum = greatest(h.maximum, excluded.maximum),
      latest = case when excluded.latest_at >= h.latest_at then excluded.latest else h.latest end,
      latest_at = greatest(h.latest_at, excluded.latest_at)
  )
  insert into metering_quantities_daily as d (
    organization_id, starts_at, meter_id, application_id, api_key_id, user_id, cost_center_id, tags, events, total,
    maximum, latest,
    latest_at
  )
  select u.organization_id, date_trunc('day', u.at, u.zone) as day, u.meter_id, u.application_id, u.api_key_id,
    u.user_id, u.cost_center_id, u.tags, count(*), sum(u.quantity), max(u.quantity),
    (array_agg(u.quantity order by u.at desc))[1],
    max(u.at)
  from used u
  group by u.organization_id, day, u.meter_id, u.application_id, u.api_key_id, u.user_id, u.cost_center_id, u.tags
  on conflict (organization_id, starts_at, meter_id, application_id, api_key_id, user_id, cost_center_id, tags)
  do update set
    events = d.events + excluded.events,
    total = d.total + excluded.total,
    maximum = greatest(d.maximum, excluded.maximum),
    latest = case when excluded.latest_at >= d.latest_at then excluded.latest else d.latest end,
    latest_at = greatest(d.latest_at, excluded.latest_at);
end
$$;
