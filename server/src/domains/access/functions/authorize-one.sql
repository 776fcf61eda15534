-- Decides one call of a model: the same answers as `access_authorize` gives, for half of the time. What is rarer (a quota
-- that has no room or is not open, funds that owe a shortfall) is left to the batch.

create function access_authorize_one(
  p_request_id text,
  p_organization_id text,
  p_api_key_id text,
  p_user_id text,
  p_cost_center_id text,
  p_application_id text,
  p_model text,
  p_price_id text,
  p_worst_case bigint,
  p_minimum bigint,
  p_authorized_at timestamptz,
  p_expires_at timestamptz,
  p_tokens bigint,
  p_durable boolean,
  p_batch_id text,
  p_wall timestamptz,
  p_business timestamptz,
  out code text,
  out amount bigint,
  out limits jsonb
)
language plpgsql
set enable_seqscan = off
set plan_cache_mode = force_generic_plan
set jit = off
set lock_timeout = '1s'
as $$
declare
  owed bigint;
  known record;
  bucket record;
  funds bigint := 0;
  part bigint;
  ids text[] := '{}';
  parts bigint[] := '{}';
  quota_ids text[];
  window_froms timestamptz[];
  needs bigint[];
  is_rare boolean;
begin
  if not p_durable then
    perform set_config('synchronous_commit', 'off', true);
  end if;

  select shortfall
  into owed
  from ledger_organizations
  where organization_id = p_organization_id
  for no key update;

  select k.organization_id, k.held
  into known
  from (
    select organization_id, (select coalesce(sum(a), 0)::bigint from unnest(h.amounts) a) as held
    from access_holds h
    where request_id = p_request_id
    union all
    select organization_id, null
    from metering_usage
    where request_id = p_request_id
    union all
    select organization_id, null
    from access_closed_requests
    where request_id = p_request_id
  ) k;
  if found then
    if known.held is null or known.organization_id <> p_organization_id then
      code := 'request_closed';
    end if;
    amount := coalesce(known.held, 0);
    return;
  end if;

  if exists (select from entitlements_quotas where organization_id = p_organization_id) then
    select array_agg(q.id), array_agg(c.window_from), array_agg(d.need),
      bool_or(
        c.window_from is null or q.changes_at <= p_authorized_at
        or (q.is_hard and q.is_in_force and c.used + c.reserved + d.need::numeric > q.limit_amount)
      )
    into quota_ids, window_froms, needs, is_rare
    from entitlements_quotas q
    cross join lateral (
      select case q.meter_id when 'mtr_requests' then 1 when 'mtr_tokens' then p_tokens else p_worst_case end as need
    ) d
    left join lateral (
      select n.window_from, n.resets_at, n.used, n.reserved
      from metering_counters n
      where n.quota_id = q.id
        and n.window_from <= p_authorized_at
      order by n.window_from desc
      limit 1
    ) c on c.resets_at > p_authorized_at
    where q.organization_id = p_organization_id
      and q.subject_kind = any ('{organization,api_key,member,cost_center}')
      and q.subject_id in (p_organization_id, p_api_key_id, p_user_id, p_cost_center_id)
      and q.meter_id in ('mtr_requests', 'mtr_tokens', 'mtr_cost');
  end if;

  for bucket in
    select id, available
    from ledger_buckets
    where organization_id = p_organization_id
      and closes_at > p_authorized_at
      and opens_at <= p_authorized_at
      and (p_authorized_at < pause_from or p_authorized_at >= pause_until)
      and available > 0
    order by kind, priority, spend_before, id
  loop
    exit when funds = p_worst_case;
    part := least(bucket.available, p_worst_case - funds);
    ids := ids || bucket.id;
    parts := parts || part;
    funds := funds + part;
  end loop;
  -- Of the cost, only what is held is reserved: the batch knows how.
  if owed > 0 or is_rare or (quota_ids is not null and funds < p_worst_case) then
    select b.codes[1], coalesce(b.amounts[1], p_worst_case), b.limits
    into code, amount, limits
    from access_authorize(
      array[p_request_id], array[p_organization_id], array[p_api_key_id], array[p_user_id],
      array[p_cost_center_id],
      array[p_application_id], array[p_model], array[p_price_id], array[p_worst_case], array[p_minimum],
      array[p_authorized_at], array[p_expires_at], array[p_tokens], '{}', '{}', '{}', '{}', '{}', p_request_id,
      p_request_id, p_authorized_at, p_authorized_at, p_durable, p_batch_id, p_wall, p_business
    ) b;
    return;
  end if;

  amount := funds;
  if funds < p_minimum then
    code := 'insufficient_funds';
    return;
  end if;

  for k in 1 .. cardinality(ids) loop
    update ledger_buckets
    set available = available - parts[k], held = held + parts[k]
    where id = ids[k];
  end loop;
  for k in 1 .. coalesce(cardinality(quota_ids), 0) loop
    update metering_counters
    set reserved = reserved + needs[k]
    where quota_id = quota_ids[k]
      and window_from = window_froms[k];
  end loop;
  insert into access_holds (
    request_id, organization_id, api_key_id, user_id, cost_center_id, application_id, model, price_id, authorized_at,
    expires_at,
    tokens, bucket_ids, amounts
  )
  values (
    p_request_id, p_organization_id, p_api_key_id, p_user_id, p_cost_center_id, p_application_id, p_model, p_price_id,
    p_authorized_at,
    p_expires_at, p_tokens, ids, parts
  );
end
$$;
