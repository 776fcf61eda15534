-- What calls demand of meters: one request, its tokens and its cost of the deployment's own where a model is called (where
-- none is, there are no tokens), and what it names of its application's. Summed over calls of the same subjects within a
-- minute; or call by call, where some window ends within one. `p_chosen` leaves out those of which it says nothing.

create function access_demands(
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
  p_chosen integer[],
  p_is_fine boolean,
  out organization_ids text[],
  out api_key_ids text[],
  out user_ids text[],
  out cost_center_ids text[],
  out meter_ids text[],
  out instants timestamptz[],
  out amounts bigint[]
)
language plpgsql
set plan_cache_mode = force_generic_plan
set jit = off
as $$
begin
  select array_agg(d.organization_id), array_agg(d.api_key_id), array_agg(d.user_id), array_agg(d.cost_center_id),
    array_agg(d.meter_id),
    array_agg(d.at), array_agg(d.amount)
  into organization_ids, api_key_ids, user_ids, cost_center_ids, meter_ids, instants, amounts
  from (
    select g.organization_id, g.api_key_id, g.user_id, g.cost_center_id, v.meter_id, g.at, v.amount
    from (
      select p_organization_ids[i] as organization_id, p_api_key_ids[i] as api_key_id, p_user_ids[i] as user_id,
        p_cost_center_ids[i] as cost_center_id,
        min(p_authorized_at[i]) as at, count(*) as calls, sum(p_tokens[i])::bigint as tokens,
        sum(p_costs[i])::bigint as cost
      from generate_subscripts(p_organization_ids, 1) as i
      where p_tokens[i] is not null
        and (p_chosen is null or p_chosen[i] is not null)
      group by 1, 2, 3, 4, date_bin('1 minute', p_authorized_at[i], 'epoch'), case when p_is_fine then i end
    ) g
    cross join lateral (
      values ('mtr_requests', g.calls), ('mtr_tokens', g.tokens), ('mtr_cost', g.cost)
    ) as v (meter_id, amount)
    union all
    select p_organization_ids[p_meter_calls[k]], p_api_key_ids[p_meter_calls[k]], p_user_ids[p_meter_calls[k]],
      p_cost_center_ids[p_meter_calls[k]],
      p_meter_ids[k], p_authorized_at[p_meter_calls[k]], p_quantities[k]
    from generate_subscripts(p_meter_calls, 1) as k
    where p_chosen is null or p_chosen[p_meter_calls[k]] is not null
  ) d;
end
$$;
