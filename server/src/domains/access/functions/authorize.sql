-- Decides a batch of calls in one transaction. The arrays are parallel, sorted by organization, then by arrival, and
-- no request occurs twice. Answers only what differs from "permitted, worst case held": its position, a code when it is
-- refused, and the amount that is held (or that would have been there).

create function access_authorize(
  p_request_ids text[],
  p_organization_ids text[],
  p_api_key_ids text[],
  p_models text[],
  p_price_ids text[],
  p_worst_cases bigint[],
  p_minimums bigint[],
  p_authorized_at timestamptz[],
  p_expires_at timestamptz[],
  -- the smallest and largest request id, so that partitions are pruned, and instant
  p_first_id text,
  p_last_id text,
  p_earliest timestamptz,
  p_latest timestamptz,
  p_durable boolean,
  -- names the transfers of shortfalls that are collected here
  p_batch_id text,
  p_wall timestamptz,
  p_business timestamptz,
  out positions integer[],
  out codes text[],
  out amounts bigint[]
)
language plpgsql
-- The planner must not read whole tables because they were small when it looked.
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set plan_cache_mode = force_generic_plan
set jit = off
-- Longer than another process's batch takes; who holds a lock longer delays only calls of the same organization.
set lock_timeout = '1s'
as $$
declare
  request_count constant integer := cardinality(p_request_ids);
  fund_ids text[];
  fund_currencies text[];
  owed bigint[];
  was_owed bigint[];
  fund integer := 0;
  known_ids text[];
  known_organizations text[];
  known_amounts bigint[];
  known integer;
  bucket_ids text[];
  owners text[];
  accounts text[];
  free bigint[];
  kept bigint[];
  was_free bigint[];
  was_kept bigint[];
  opens timestamptz[];
  closes timestamptz[];
  pause_from timestamptz[];
  pause_until timestamptz[];
  all_live boolean;
  organization text;
  has_funds boolean := false;
  first_bucket integer := 1;
  last_bucket integer := 0;
  called_at timestamptz;
  funds bigint;
  rest bigint;
  part bigint;
  part_count integer;
  -- how many parts a hold has; the only one, or all of several as an array's text
  hold_parts integer[] := array_fill(null::integer, array[cardinality(p_request_ids)]);
  hold_bucket text[] := array_fill(null::text, array[cardinality(p_request_ids)]);
  hold_amount bigint[] := array_fill(null::bigint, array[cardinality(p_request_ids)]);
  hold_buckets text[] := array_fill(null::text, array[cardinality(p_request_ids)]);
  hold_amounts text[] := array_fill(null::text, array[cardinality(p_request_ids)]);
  ids text;
  parts text;
  collected integer := 0;
  collected_organizations text[] := '{}';
  collected_currencies text[] := '{}';
  collected_accounts text[] := '{}';
  collected_amounts bigint[] := '{}';
  collected_references text[] := '{}';
  answers integer := 0;
begin
  -- A hold that a crash of the database loses is settled from what is there; `set` on the function would end too early.
  if not p_durable then
    perform set_config('synchronous_commit', 'off', true);
  end if;
  positions := '{}';
  codes := '{}';
  amounts := '{}';

  select array_agg(f.organization_id), array_agg(f.currency), array_agg(f.shortfall)
  into fund_ids, fund_currencies, owed
  from (
    select organization_id, currency, shortfall
    from ledger_organizations
    where organization_id = any (p_organization_ids)
    order by organization_id
    for no key update
  ) f;
  was_owed := owed;

  select array_agg(k.request_id), array_agg(k.organization_id), array_agg(k.amount)
  into known_ids, known_organizations, known_amounts
  from (
    select request_id, organization_id, (select coalesce(sum(a), 0)::bigint from unnest(h.amounts) a) as amount
    from access_holds h
    where request_id = any (p_request_ids)
    union all
    select request_id, organization_id, null
    from metering_usage
    where request_id = any (p_request_ids)
      and request_id >= p_first_id
      and request_id <= p_last_id
    union all
    select request_id, organization_id, null
    from access_closed_requests
    where request_id = any (p_request_ids)
  ) k;

  select array_agg(b.id), array_agg(b.organization_id), array_agg(b.account), array_agg(b.available),
    array_agg(b.held), array_agg(b.opens_at), array_agg(b.closes_at), array_agg(b.pause_from),
    array_agg(b.pause_until),
    bool_and(
      b.opens_at <= p_earliest and p_latest < b.closes_at
      and (p_latest < b.pause_from or p_earliest >= b.pause_until)
    )
  into bucket_ids, owners, accounts, free, kept, opens, closes, pause_from, pause_until, all_live
  from (
    select l.*
    from ledger_buckets l
    where l.organization_id = any (fund_ids)
      and l.closes_at > p_earliest
      and l.opens_at <= p_latest
    order by l.organization_id, l.kind, l.priority, l.spend_before, l.id
  ) b;
  was_free := free;
  was_kept := kept;

  for i in 1 .. request_count loop
    if p_organization_ids[i] is distinct from organization then
      organization := p_organization_ids[i];
      has_funds := fund_ids[fund + 1] is not distinct from organization;
      if has_funds then
        fund := fund + 1;
      end if;
      first_bucket := last_bucket + 1;
      while owners[last_bucket + 1] = organization loop
        last_bucket := last_bucket + 1;
      end loop;
    end if;

    if known_ids is not null then
      known := array_position(known_ids, p_request_ids[i]);
      if known is not null then
        answers := answers + 1;
        positions[answers] := i;
        codes[answers] := case
          when known_amounts[known] is null or known_organizations[known] <> organization
          then 'request_closed'
        end;
        amounts[answers] := coalesce(known_amounts[known], 0);
        continue;
      end if;
    end if;

    -- Nearly always: nothing is owed, and the first bucket covers the call.
    if all_live and has_funds and owed[fund] = 0 and p_worst_cases[i] > 0 and first_bucket <= last_bucket
      and free[first_bucket] >= p_worst_cases[i]
    then
      free[first_bucket] := free[first_bucket] - p_worst_cases[i];
      kept[first_bucket] := kept[first_bucket] + p_worst_cases[i];
      hold_parts[i] := 1;
      hold_bucket[i] := bucket_ids[first_bucket];
      hold_amount[i] := p_worst_cases[i];
      continue;
    end if;

    called_at := p_authorized_at[i];
    if has_funds and owed[fund] > 0 then
      for b in first_bucket .. last_bucket loop
        exit when owed[fund] = 0;
        continue when free[b] = 0 or not (
          all_live or (
            opens[b] <= called_at and called_at < closes[b]
            and (called_at < pause_from[b] or called_at >= pause_until[b])
          )
        );
        part := least(free[b], owed[fund]);
        free[b] := free[b] - part;
        owed[fund] := owed[fund] - part;
        collected := collected + 1;
        collected_organizations[collected] := organization;
        collected_currencies[collected] := fund_currencies[fund];
        collected_accounts[collected] := accounts[b];
        collected_amounts[collected] := part;
        collected_references[collected] := p_request_ids[i];
      end loop;
    end if;

    funds := 0;
    for b in first_bucket .. last_bucket loop
      exit when funds >= p_worst_cases[i];
      if all_live or (
        opens[b] <= called_at and called_at < closes[b]
        and (called_at < pause_from[b] or called_at >= pause_until[b])
      ) then
        funds := funds + free[b];
      end if;
    end loop;
    if funds < p_minimums[i] then
      answers := answers + 1;
      positions[answers] := i;
      codes[answers] := 'insufficient_funds';
      amounts[answers] := funds;
      continue;
    end if;
    if funds < p_worst_cases[i] then
      answers := answers + 1;
      positions[answers] := i;
      codes[answers] := null;
      amounts[answers] := funds;
    end if;

    rest := least(funds, p_worst_cases[i]);
    part_count := 0;
    ids := '';
    parts := '';
    for b in first_bucket .. last_bucket loop
      exit when rest = 0;
      continue when free[b] = 0 or not (
        all_live or (
          opens[b] <= called_at and called_at < closes[b]
          and (called_at < pause_from[b] or called_at >= pause_until[b])
        )
      );
      part := least(free[b], rest);
      free[b] := free[b] - part;
      kept[b] := kept[b] + part;
      rest := rest - part;
      part_count := part_count + 1;
      if part_count = 1 then
        hold_bucket[i] := bucket_ids[b];
        hold_amount[i] := part;
        continue when rest = 0;
      end if;
      ids := ids || ',' || bucket_ids[b];
      parts := parts || ',' || part;
    end loop;
    hold_parts[i] := part_count;
    if part_count > 1 then
      hold_buckets[i] := '{' || substr(ids, 2) || '}';
      hold_amounts[i] := '{' || substr(parts, 2) || '}';
    end if;
  end loop;

  -- By subscript: `unnest` of so many arrays would copy each into a table of its own, three times the work.
  insert into access_holds (
    request_id, organization_id, api_key_id, model, price_id, authorized_at, expires_at, bucket_ids, amounts
  )
  select p_request_ids[i], p_organization_ids[i], p_api_key_ids[i], p_models[i], p_price_ids[i], p_authorized_at[i],
    p_expires_at[i],
    case hold_parts[i] when 0 then '{}' when 1 then array[hold_bucket[i]] else hold_buckets[i]::text[] end,
    case hold_parts[i] when 0 then '{}' when 1 then array[hold_amount[i]] else hold_amounts[i]::bigint[] end
  from generate_series(1, request_count) as i
  where hold_parts[i] is not null;

  update ledger_buckets b
  set available = free[i], held = kept[i]
  from generate_series(1, cardinality(bucket_ids)) as i
  where b.id = bucket_ids[i]
    and (free[i] <> was_free[i] or kept[i] <> was_kept[i]);

  if collected > 0 then
    perform access_collect(
      p_batch_id, collected_organizations, collected_currencies, collected_accounts, collected_amounts,
      collected_references, p_business, p_wall
    );
    update ledger_organizations o
    set shortfall = c.owed
    from unnest(fund_ids, owed, was_owed) as c (id, owed, was_owed)
    where o.organization_id = c.id
      and c.owed <> c.was_owed;
  end if;
end
$$;

-- Records that buckets paid what earlier calls had left owing. What an allowance pays was earned with its package, so
-- the revenue that the shortfall had booked is taken back.
create function access_collect(
  p_batch_id text,
  p_organization_ids text[],
  p_currencies text[],
  p_accounts text[],
  p_amounts bigint[],
  p_references text[],
  p_business timestamptz,
  p_wall timestamptz
) returns void
language sql
as $$
  insert into ledger_transfers (
    id, organization_id, debit, credit, amount, currency, kind, reference, occurred_at, recorded_at
  )
  select 'trf_' || p_batch_id || '_' || to_char(row_number() over (order by c.position, t.debit), 'FM000000'),
    c.organization_id, t.debit, t.credit, c.amount, c.currency, 'shortfall', c.reference, p_business, p_wall
  from unnest(p_organization_ids, p_currencies, p_accounts, p_amounts, p_references) with ordinality
    as c (organization_id, currency, account, amount, reference, position)
  cross join lateral (
    select c.account as debit, 'receivable' as credit
    where c.account not like 'allowance:%'
    union all
    select c.account, 'world'
    where c.account like 'allowance:%'
    union all
    select 'revenue', 'receivable'
    where c.account like 'allowance:%'
  ) t
$$;
