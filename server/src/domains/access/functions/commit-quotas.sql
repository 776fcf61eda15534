-- Turns what ended calls had reserved of quotas into what they used, in the windows in which they began. Holds that are
-- gone give back all that they reserved; the calls that were chosen have used so much.

create function access_commit_quotas(
  p_gone_organization_ids text[], p_gone_api_key_ids text[], p_gone_user_ids text[], p_gone_cost_center_ids text[],
  p_gone_instants timestamptz[], p_gone_tokens bigint[],
  -- how many parts a hold has; the only one, or all of several as an array's text
  p_gone_parts integer[], p_gone_amount bigint[], p_gone_amounts text[],
  p_gone_meters text[], p_gone_quantities text[],
  p_organization_ids text[], p_api_key_ids text[], p_user_ids text[], p_cost_center_ids text[],
  p_authorized_at timestamptz[], p_tokens bigint[], p_costs bigint[],
  p_meter_calls integer[], p_meter_ids text[], p_quantities bigint[],
  p_chosen integer[],
  p_fund_ids text[], p_earliest timestamptz, p_latest timestamptz,
  p_business timestamptz, p_wall timestamptz
) returns void
language plpgsql
set plan_cache_mode = force_generic_plan
set jit = off
as $$
declare
  is_fine constant boolean :=
    p_earliest < p_latest and metering_ends_within_minute(p_fund_ids, p_earliest, p_latest);
  gone_costs constant bigint[] := array(
    select case p_gone_parts[h]
        when 0 then 0
        when 1 then p_gone_amount[h]
        else (select sum(a)::bigint from unnest(p_gone_amounts[h]::bigint[]) a)
      end
    from generate_subscripts(p_gone_parts, 1) as h
    order by h
  );
  meter_calls integer[];
  meter_ids text[];
  quantities bigint[];
  given record;
  used record;
begin
  perform metering_settle_counters(
    p_gone_organization_ids, p_gone_api_key_ids, p_gone_user_ids, p_gone_cost_center_ids, p_gone_instants,
    p_gone_tokens, gone_costs,
    p_organization_ids, p_api_key_ids, p_user_ids, p_cost_center_ids, p_authorized_at, p_tokens, p_costs, is_fine,
    p_business, p_wall
  );

  -- What they used of applications' meters.
  select array_agg(h), array_agg(m.meter_id), array_agg(m.quantity)
  into meter_calls, meter_ids, quantities
  from generate_subscripts(p_gone_meters, 1) as h
  cross join lateral unnest(p_gone_meters[h]::text[], p_gone_quantities[h]::bigint[]) as m (meter_id, quantity)
  where p_gone_meters[h] is not null;
  if meter_calls is null and coalesce(cardinality(p_meter_calls), 0) = 0 then
    return;
  end if;
  select *
  into given
  from access_demands(
    p_gone_organization_ids, p_gone_api_key_ids, p_gone_user_ids, p_gone_cost_center_ids, p_gone_instants, null, null,
    meter_calls, meter_ids, quantities, null, is_fine
  );
  select *
  into used
  from access_demands(
    p_organization_ids, p_api_key_ids, p_user_ids, p_cost_center_ids, p_authorized_at, null, null, p_meter_calls,
    p_meter_ids,
    p_quantities, p_chosen, is_fine
  );
  perform metering_move_counters(
    given.organization_ids || used.organization_ids, given.api_key_ids || used.api_key_ids,
    given.user_ids || used.user_ids, given.cost_center_ids || used.cost_center_ids, given.meter_ids || used.meter_ids,
    given.instants || used.instants,
    array_fill(null::bigint, array[coalesce(cardinality(given.amounts), 0)]) || used.amounts,
    array(select -amount from unnest(given.amounts) with ordinality as g (amount, place) order by place)
    || array_fill(0::bigint, array[coalesce(cardinality(used.amounts), 0)]),
    p_business, p_wall
  );
end
$$;

-- Reserves what the calls that were permitted demand, where not all were, or not in full.
create function access_reserve_quotas(
  p_organization_ids text[], p_api_key_ids text[], p_user_ids text[], p_cost_center_ids text[],
  p_authorized_at timestamptz[], p_tokens bigint[], p_costs bigint[],
  p_meter_calls integer[], p_meter_ids text[], p_quantities bigint[],
  p_chosen integer[], p_is_fine boolean,
  p_business timestamptz, p_wall timestamptz
) returns void
language plpgsql
set plan_cache_mode = force_generic_plan
as $$
declare
  demands record;
begin
  select *
  into demands
  from access_demands(
    p_organization_ids, p_api_key_ids, p_user_ids, p_cost_center_ids, p_authorized_at, p_tokens, p_costs,
    p_meter_calls, p_meter_ids,
    p_quantities, p_chosen, p_is_fine
  );
  if demands.meter_ids is not null then
    perform metering_move_counters(
      demands.organization_ids, demands.api_key_ids, demands.user_ids, demands.cost_center_ids, demands.meter_ids,
      demands.instants,
      null, demands.amounts, p_business, p_wall
    );
  end if;
end
$$;
