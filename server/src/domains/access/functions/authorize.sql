-- Decides a batch of calls in one transaction. The arrays are parallel, sorted by organization, then by arrival, and
-- no request occurs twice. Answers only what differs from "permitted, worst case held": its position, a code when it is
-- refused, and the amount that is held (or that would have been there); and the limits that refused or were asked for.
-- Quotas are looked at first: where each has room for everything that the batch demands of it, no call is looked at alone.

create function access_authorize(
  p_request_ids text[], p_organization_ids text[],
  p_api_key_ids text[], p_user_ids text[], p_cost_center_ids text[], p_application_ids text[],
  p_models text[], p_price_ids text[],
  p_worst_cases bigint[], p_minimums bigint[],
  p_authorized_at timestamptz[], p_expires_at timestamptz[],
  p_tokens bigint[],
  -- quantities of applications' meters: the call that each is of, by its position; and whose answers show their limits
  p_meter_calls integer[], p_meter_ids text[], p_quantities bigint[], p_required boolean[],
  p_wants integer[],
  -- the smallest and largest request id, so that partitions are pruned, and instant
  p_first_id text, p_last_id text,
  p_earliest timestamptz, p_latest timestamptz,
  p_durable boolean,
  -- names the transfers of shortfalls that are collected here
  p_batch_id text,
  p_wall timestamptz, p_business timestamptz,
  out positions integer[], out codes text[], out amounts bigint[],
  out limits jsonb
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
  has_meters constant boolean := cardinality(p_meter_calls) > 0;
  fund_ids text[]; fund_currencies text[];
  owed bigint[]; was_owed bigint[];
  fund integer := 0;
  has_quotas boolean;
  tight record;
  tight_count integer := 0;
  need bigint; needs bigint[];
  refused_by integer;
  refusals integer := 0;
  refused_calls integer[] := '{}'; refused_tights integer[] := '{}';
  refused_needs bigint[] := '{}'; refused_reserved bigint[] := '{}';
  unmet integer[];
  rooms bigint[];
  is_fine boolean;
  held_costs bigint[];
  known_ids text[]; known_organizations text[]; known_amounts bigint[];
  known integer;
  bucket_ids text[]; owners text[]; accounts text[];
  free bigint[]; kept bigint[];
  was_free bigint[]; was_kept bigint[];
  opens timestamptz[]; closes timestamptz[];
  pause_from timestamptz[]; pause_until timestamptz[];
  all_live boolean;
  organization text;
  has_funds boolean := false;
  first_bucket integer := 1; last_bucket integer := 0;
  called_at timestamptz;
  funds bigint; rest bigint; part bigint; part_count integer;
  -- how many parts a hold has; the only one, or all of several as an array's text
  hold_parts integer[] := array_fill(null::integer, array[cardinality(p_request_ids)]);
  hold_bucket text[] := array_fill(null::text, array[cardinality(p_request_ids)]);
  hold_amount bigint[] := array_fill(null::bigint, array[cardinality(p_request_ids)]);
  hold_buckets text[] := array_fill(null::text, array[cardinality(p_request_ids)]);
  hold_amounts text[] := array_fill(null::text, array[cardinality(p_request_ids)]);
  ids text; parts text;
  collected integer := 0;
  collected_organizations text[] := '{}'; collected_currencies text[] := '{}';
  collected_accounts text[] := '{}'; collected_amounts bigint[] := '{}'; collected_references text[] := '{}';
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
  -- A statement of its own: it sees what was committed while we waited for the lock.
  has_quotas := exists (select from entitlements_quotas where organization_id = any (fund_ids));

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

  select l.ids, l.owners, l.accounts, l.free, l.kept, l.opens, l.closes, l.pause_from, l.pause_until, l.all_live
  into bucket_ids, owners, accounts, free, kept, opens, closes, pause_from, pause_until, all_live
  from access_live_buckets(fund_ids, p_earliest, p_latest) l;
  was_free := free;
  was_kept := kept;

  if has_quotas then
    is_fine := false;
    loop
      select *
      into tight
      from metering_tight_counters(
        p_organization_ids, p_api_key_ids, p_user_ids, p_cost_center_ids, p_authorized_at, p_tokens, p_worst_cases,
        p_meter_calls,
        p_meter_ids, p_quantities, is_fine
      );
      exit when is_fine or p_earliest = p_latest
        or not metering_ends_within_minute(fund_ids, p_earliest, p_latest);
      is_fine := true;
    end loop;
    tight_count := coalesce(cardinality(tight.quota_ids), 0);
    rooms := tight.rooms;
    held_costs := p_worst_cases;
  end if;
  if true = any (p_required) then
    select u.calls, u.meters
    into unmet, limits
    from access_unmet_requirements(
      p_organization_ids, p_api_key_ids, p_user_ids, p_cost_center_ids, p_meter_calls, p_meter_ids, p_required
    ) u;
  end if;

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

    if unmet is not null and i = any (unmet) then
      answers := answers + 1;
      positions[answers] := i;
      codes[answers] := 'quota_required';
      amounts[answers] := 0;
      continue;
    end if;
    if tight_count > 0 then
      refused_by := null;
      needs := array_fill(0::bigint, array[tight_count]);
      for t in 1 .. tight_count loop
        continue when tight.organization_ids[t] <> organization
          or p_authorized_at[i] < tight.window_froms[t] or p_authorized_at[i] >= tight.resets[t]
          or tight.subject_ids[t] not in (
            organization, coalesce(p_api_key_ids[i], ''), coalesce(p_user_ids[i], ''),
            coalesce(p_cost_center_ids[i], '')
          );
        need := case tight.meter_ids[t]
          when 'mtr_requests' then case when p_tokens[i] is not null then 1 end
          when 'mtr_tokens' then p_tokens[i]
          when 'mtr_cost' then case when p_tokens[i] is not null then p_worst_cases[i] end
          else (
            select m.quantity
            from unnest(p_meter_calls, p_meter_ids, p_quantities) as m (call, meter_id, quantity)
            where m.call = i and m.meter_id = tight.meter_ids[t]
          )
        end;
        continue when need is null or need <= 0;
        needs[t] := case when tight.latests[t] then 0 else need end;
        if need > rooms[t] then
          refused_by := t;
          exit;
        end if;
      end loop;
      if refused_by is not null then
        answers := answers + 1;
        positions[answers] := i;
        codes[answers] := case when tight.caps[refused_by] then 'spend_cap_exceeded' else 'quota_exceeded' end;
        amounts[answers] := 0;
        refusals := refusals + 1;
        refused_calls[refusals] := i;
        refused_tights[refusals] := refused_by;
        refused_needs[refusals] := need;
        refused_reserved[refusals] := tight.reserved[refused_by] + tight.rooms[refused_by] - rooms[refused_by];
        continue;
      end if;
      for t in 1 .. tight_count loop
        rooms[t] := rooms[t] - needs[t];
      end loop;
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
    if funds < p_minimums[i] or not has_funds then
      for t in 1 .. tight_count loop
        rooms[t] := rooms[t] + needs[t];
      end loop;
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
      -- Only what is held of the cost is reserved.
      if has_quotas then
        held_costs[i] := funds;
        for t in 1 .. tight_count loop
          if tight.meter_ids[t] = 'mtr_cost' and needs[t] > 0 then
            rooms[t] := rooms[t] + needs[t] - funds;
          end if;
        end loop;
      end if;
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
    request_id, organization_id, api_key_id, user_id, cost_center_id, application_id, model, price_id, authorized_at,
    expires_at,
    tokens, meter_ids, quantities, bucket_ids, amounts
  )
  select p_request_ids[i], p_organization_ids[i], p_api_key_ids[i], p_user_ids[i], p_cost_center_ids[i],
    p_application_ids[i],
    p_models[i], p_price_ids[i], p_authorized_at[i], p_expires_at[i], coalesce(p_tokens[i], 0),
    case when has_meters then (select array_agg(p_meter_ids[k]) from unnest(array_positions(p_meter_calls, i)) k) end,
    case when has_meters then (
      select array_agg(p_quantities[k]) from unnest(array_positions(p_meter_calls, i)) k
    ) end,
    case hold_parts[i] when 0 then '{}' when 1 then array[hold_bucket[i]] else hold_buckets[i]::text[] end,
    case hold_parts[i] when 0 then '{}' when 1 then array[hold_amount[i]] else hold_amounts[i]::bigint[] end
  from generate_series(1, request_count) as i
  where hold_parts[i] is not null;

  update ledger_buckets b
  set available = free[i], held = kept[i]
  from generate_series(1, cardinality(bucket_ids)) as i
  where b.id = bucket_ids[i]
    and (free[i] <> was_free[i] or kept[i] <> was_kept[i]);

  if has_quotas and answers = 0 then
    update metering_counters c
    set reserved = c.reserved + tight.reserved_amounts[i]
    from generate_subscripts(tight.reserved_ids, 1) as i
    where c.quota_id = tight.reserved_ids[i]
      and c.window_from = tight.reserved_froms[i];
  elsif has_quotas then
    perform access_reserve_quotas(
      p_organization_ids, p_api_key_ids, p_user_ids, p_cost_center_ids, p_authorized_at, p_tokens, held_costs,
      p_meter_calls, p_meter_ids,
      p_quantities, hold_parts, is_fine, p_business, p_wall
    );
  end if;
  if refusals > 0 then
    limits := coalesce(limits, '[]') || (
      select access_refuse(
        refused_calls, array_agg(tight.quota_ids[r] order by place), array_agg(tight.window_froms[r] order by place),
        refused_needs, refused_reserved, p_business, p_wall
      )
      from unnest(refused_tights) with ordinality as n (r, place)
    );
  end if;
  if cardinality(p_wants) > 0 then
    limits := coalesce(limits, '[]') || coalesce(
      access_limits(
        p_wants, p_organization_ids, p_api_key_ids, p_user_ids, p_cost_center_ids, p_tokens, p_authorized_at,
        p_meter_calls, p_meter_ids
      ),
      '[]'
    );
  end if;

  if collected > 0 then
    perform access_collect(
      p_batch_id, collected_organizations, collected_currencies, collected_accounts, collected_amounts,
      collected_references, p_business, p_wall
    );
    perform access_owe(fund_ids, owed);
  end if;
end
$$;
