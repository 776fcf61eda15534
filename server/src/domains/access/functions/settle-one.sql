-- Settles one call of a model whose hold covers it: the same answer as `access_settle` gives, for half of the time. What is
-- rarer (no hold, a cost above it, a release) is left to the batch; null says so, and nothing was done.

create function access_settle_one(
  p_request_id text,
  p_organization_id text,
  p_api_key_id text,
  p_user_id text,
  p_cost_center_id text,
  p_application_id text,
  p_model text,
  p_price_id text,
  p_channel_id text,
  p_outcome text,
  p_cost bigint,
  p_input_tokens bigint,
  p_cached_input_tokens bigint,
  p_cache_write_tokens bigint,
  p_output_tokens bigint,
  p_reasoning_tokens bigint,
  p_estimated boolean,
  p_authorized_at timestamptz,
  p_latency_ms integer,
  p_first_token_ms integer,
  p_tags text,
  p_details text,
  p_wall timestamptz,
  p_business timestamptz,
  out bucket_ids text[],
  out amounts bigint[]
)
language plpgsql
set enable_seqscan = off
set plan_cache_mode = force_generic_plan
set jit = off
set lock_timeout = '1s'
as $$
declare
  funds_currency text;
  zone text;
  hold record;
  rest bigint := p_cost;
  part bigint;
  paid integer := 0;
  paid_ids text[] := '{}';
  paid_amounts bigint[] := '{}';
begin
  select currency, time_zone
  into funds_currency, zone
  from ledger_organizations
  where organization_id = p_organization_id
  for no key update;
  delete from access_holds h
  where h.request_id = p_request_id
    and h.organization_id = p_organization_id
    and h.model is not null
    and h.meter_ids is null
    and h.authorized_at = p_authorized_at
    and h.api_key_id is not distinct from p_api_key_id
    and h.user_id is not distinct from p_user_id
    and h.cost_center_id is not distinct from p_cost_center_id
    and p_cost <= (select coalesce(sum(a), 0) from unnest(h.amounts) a)
  returning h.bucket_ids, h.amounts, h.tokens
  into hold;
  if not found then
    return;
  end if;

  for k in 1 .. cardinality(hold.bucket_ids) loop
    part := least(hold.amounts[k], rest);
    rest := rest - part;
    update ledger_buckets
    set held = held - hold.amounts[k], available = available + hold.amounts[k] - part
    where id = hold.bucket_ids[k];
    continue when part = 0;
    paid := paid + 1;
    paid_ids[paid] := hold.bucket_ids[k];
    paid_amounts[paid] := part;
    insert into ledger_transfers (
      id, organization_id, debit, credit, amount, currency, kind, reference, occurred_at, recorded_at
    )
    values (
      'trf_' || substr(p_request_id, strpos(p_request_id, '_') + 1) || '_' || paid,
      p_organization_id,
      case left(hold.bucket_ids[k], 3)
        when 'wal' then 'wallet'
        when 'grt' then 'grant:' || hold.bucket_ids[k]
        else 'allowance:' || hold.bucket_ids[k]
      end,
      case left(hold.bucket_ids[k], 3) when 'alw' then 'world' else 'revenue' end,
      part, funds_currency, 'usage', p_request_id, p_business, p_wall
    );
  end loop;

  insert into metering_usage (
    request_id, organization_id, api_key_id, model, price_id, channel_id, outcome, input_tokens,
    cached_input_tokens, cache_write_tokens, output_tokens, reasoning_tokens, estimated, amount, currency,
    bucket_ids, amounts, shortfall, late, authorized_at, settled_at, recorded_at, latency_ms, first_token_ms,
    application_id, user_id, cost_center_id, tags, details
  )
  values (
    p_request_id, p_organization_id, p_api_key_id, p_model, p_price_id, p_channel_id, p_outcome, p_input_tokens,
    p_cached_input_tokens, p_cache_write_tokens, p_output_tokens, p_reasoning_tokens, p_estimated, p_cost,
    funds_currency, paid_ids, paid_amounts, 0, false, p_authorized_at, p_business, p_wall, p_latency_ms,
    p_first_token_ms, p_application_id, p_user_id, p_cost_center_id,
    case p_tags when '' then '{}' else string_to_array(p_tags, ',') end, p_details::jsonb
  );
  perform metering_roll_up_call(
    p_organization_id, p_application_id, p_api_key_id, p_user_id, p_cost_center_id, p_model, p_tags, p_authorized_at,
    p_outcome,
    p_estimated, p_input_tokens, p_cached_input_tokens, p_cache_write_tokens, p_output_tokens, p_reasoning_tokens,
    p_cost, p_latency_ms, p_first_token_ms, zone, funds_currency
  );
  if exists (select from entitlements_quotas where organization_id = p_organization_id) then
    perform metering_settle_counter(
      p_organization_id, p_api_key_id, p_user_id, p_cost_center_id, p_authorized_at, hold.tokens,
      (select coalesce(sum(a), 0)::bigint from unnest(hold.amounts) a), p_input_tokens + p_output_tokens, p_cost,
      p_business, p_wall
    );
  end if;
  bucket_ids := paid_ids;
  amounts := paid_amounts;
end
$$;
