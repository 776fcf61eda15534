-- Keeps the ids that applications chose, with what is needed to settle; the rows of ids that were there before are
-- answered, and stand. An id that was refused is used anew. Lists travel joined by commas, `''` being none.

create function access_open_requests(
  p_application_ids text[],
  p_external_ids text[],
  p_request_ids text[],
  p_organization_ids text[],
  p_api_key_ids text[],
  p_user_ids text[],
  p_cost_center_ids text[],
  p_models text[],
  p_price_ids text[],
  p_tags text[],
  p_worst_cases bigint[],
  p_minimums bigint[],
  p_tokens bigint[],
  p_meter_ids text[],
  p_quantities text[],
  p_authorized_at timestamptz[]
) returns setof access_requests
language plpgsql
set plan_cache_mode = force_generic_plan
set jit = off
as $$
begin
  insert into access_requests as known (
    application_id, external_id, request_id, organization_id, api_key_id, user_id, cost_center_id, model, price_id,
    tags,
    worst_case, minimum, tokens, meter_ids, quantities, authorized_at
  )
  select
    given.application_id, given.external_id, given.request_id, given.organization_id, given.api_key_id,
    given.user_id, given.cost_center_id, given.model, given.price_id, string_to_array(given.tags, ','),
    given.worst_case, given.minimum,
    given.tokens, string_to_array(given.meter_ids, ','), string_to_array(given.quantities, ',')::bigint[],
    given.authorized_at
  from unnest(
    p_application_ids, p_external_ids, p_request_ids, p_organization_ids, p_api_key_ids, p_user_ids,
    p_cost_center_ids, p_models,
    p_price_ids, p_tags, p_worst_cases, p_minimums, p_tokens, p_meter_ids, p_quantities, p_authorized_at
  ) as given (
    application_id, external_id, request_id, organization_id, api_key_id, user_id, cost_center_id, model, price_id,
    tags,
    worst_case, minimum, tokens, meter_ids, quantities, authorized_at
  )
  -- Two batches that name the same ids wait for each other in one order.
  order by given.application_id collate "C", given.external_id collate "C"
  on conflict (application_id, external_id) do update
  set request_id = excluded.request_id,
    organization_id = excluded.organization_id,
    api_key_id = excluded.api_key_id,
    user_id = excluded.user_id,
    cost_center_id = excluded.cost_center_id,
    model = excluded.model,
    price_id = excluded.price_id,
    tags = excluded.tags,
    worst_case = excluded.worst_case,
    minimum = excluded.minimum,
    tokens = excluded.tokens,
    meter_ids = excluded.meter_ids,
    quantities = excluded.quantities,
    authorized_at = excluded.authorized_at,
    refused_at = null
  where known.refused_at is not null;

  return query
    select known.*
    from unnest(p_application_ids, p_external_ids, p_request_ids)
      as given (application_id, external_id, request_id)
    join access_requests known
      on known.application_id = given.application_id
      and known.external_id = given.external_id
    where known.request_id <> given.request_id;
end
$$;
