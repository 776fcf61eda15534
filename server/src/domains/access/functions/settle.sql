-- Ends a batch of calls in one transaction, which is durable behind the next flush of the log: the caller waits for that
-- before it answers. Each is settled, or released when it has no outcome. The arrays are parallel, sorted by organization,
-- then by arrival, and no request occurs twice. Answers who paid what for each call, and notes: `late`, `shortfall` (with
-- the amount), `repeated`, `request_closed`, `released`.

create function access_settle(
  p_request_ids text[], p_organization_ids text[],
  p_api_key_ids text[], p_user_ids text[], p_cost_center_ids text[], p_application_ids text[],
  p_models text[], p_price_ids text[], p_channel_ids text[],
  p_outcomes text[], p_costs bigint[],
  p_input_tokens bigint[], p_cached_input_tokens bigint[], p_cache_write_tokens bigint[],
  p_output_tokens bigint[], p_reasoning_tokens bigint[], p_estimated boolean[],
  p_authorized_at timestamptz[],
  p_latency_ms integer[], p_first_token_ms integer[],
  -- sorted, joined by commas; quantities of applications' meters name the call that each is of, by its position
  p_tags text[],
  -- as JSON; empty where no call has any
  p_details text[],
  p_meter_calls integer[], p_meter_ids text[], p_quantities bigint[],
  -- the positions in the order of the request ids, and the smallest and largest of these
  p_by_id integer[], p_first_id text, p_last_id text,
  p_earliest timestamptz, p_latest timestamptz,
  p_wall timestamptz, p_business timestamptz,
  out part_positions integer[], out part_buckets text[], out part_amounts bigint[],
  out note_positions integer[], out notes text[], out note_amounts bigint[]
)
language plpgsql
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
  fund_ids text[]; currencies text[]; zones text[];
  has_quotas boolean; has_meters constant boolean := cardinality(p_meter_calls) > 0;
  owed bigint[]; was_owed bigint[];
  fund integer := 0;
  gone_ids text[]; gone_organizations text[]; gone_parts integer[];
  gone_bucket text[]; gone_amount bigint[];
  gone_buckets text[]; gone_amounts text[];
  gone_instants timestamptz[]; gone_api_keys text[]; gone_users text[]; gone_cost_centers text[]; gone_tokens bigint[];
  gone_meters text[]; gone_quantities text[];
  hold_count integer; walk integer;
  -- where among those that are gone the hold of each request is
  hold_of integer[] := array_fill(null::integer, array[cardinality(p_request_ids)]);
  h integer; held_parts integer;
  held_buckets text[] := '{}'; held_amounts bigint[] := '{}';
  earliest timestamptz; latest timestamptz;
  bucket_ids text[]; owners text[];
  accounts text[]; credits text[];
  free bigint[]; kept bigint[];
  was_free bigint[]; was_kept bigint[];
  opens timestamptz[]; closes timestamptz[];
  pause_from timestamptz[]; pause_until timestamptz[];
  all_live boolean; organization text;
  first_bucket integer := 1; last_bucket integer := 0;
  closed record; is_closed boolean[] := '{}';
  called_at timestamptz; has_hold boolean;
  cost bigint; part bigint; b integer; paid integer;
  paid_buckets integer[] := '{}'; paid_amounts bigint[] := '{}';
  usage_funds integer[] := array_fill(null::integer, array[cardinality(p_request_ids)]);
  -- how many parts paid; the only one and its bucket's place here, or all of several as an array's text
  usage_parts integer[] := array_fill(null::integer, array[cardinality(p_request_ids)]);
  usage_bucket integer[] := array_fill(null::integer, array[cardinality(p_request_ids)]);
  usage_amount bigint[] := array_fill(null::bigint, array[cardinality(p_request_ids)]);
  usage_buckets text[] := array_fill(null::text, array[cardinality(p_request_ids)]);
  usage_amounts text[] := array_fill(null::text, array[cardinality(p_request_ids)]);
  usage_shortfalls bigint[] := array_fill(0::bigint, array[cardinality(p_request_ids)]);
  usage_late boolean[] := array_fill(false, array[cardinality(p_request_ids)]);
  ids text; parts text;
  transfers integer := 0;
  -- which of its call's transfers it is, 0 for the shortfall; and the call, by its position
  transfer_numbers integer[] := '{}'; transfer_calls integer[] := '{}';
  transfer_debits text[] := '{}'; transfer_credits text[] := '{}';
  transfer_amounts bigint[] := '{}';
  releases integer := 0;
  released text[] := '{}'; released_organizations text[] := '{}';
  part_count integer := 0; note_count integer := 0;
begin
  perform set_config('synchronous_commit', 'off', true);
  select array_agg(f.organization_id), array_agg(f.currency), array_agg(f.shortfall), array_agg(f.time_zone)
  into fund_ids, currencies, owed, zones
  from (
    select organization_id, currency, shortfall, time_zone
    from ledger_organizations
    where organization_id = any (p_organization_ids)
    order by organization_id
    for no key update
  ) f;
  was_owed := owed;
  -- A statement of its own: it sees what was committed while we waited for the lock.
  has_quotas := exists (select from entitlements_quotas where organization_id = any (fund_ids));

  -- In the order of the request ids, so that one walk finds the position of each.
  with gone as (
    delete from access_holds h
    where h.request_id = any (p_request_ids)
      and h.organization_id = any (fund_ids)
    returning h.*
  )
  select array_agg(g.request_id), array_agg(g.organization_id), array_agg(g.parts), array_agg(g.bucket_id),
    array_agg(g.amount), array_agg(g.bucket_ids), array_agg(g.amounts), min(g.authorized_at), max(g.authorized_at),
    array_agg(g.authorized_at), array_agg(g.api_key_id), array_agg(g.user_id), array_agg(g.cost_center_id),
    array_agg(g.tokens),
    array_agg(g.meter_ids), array_agg(g.quantities)
  into gone_ids, gone_organizations, gone_parts, gone_bucket, gone_amount, gone_buckets, gone_amounts, earliest,
    latest, gone_instants, gone_api_keys, gone_users, gone_cost_centers, gone_tokens, gone_meters,
    gone_quantities
  from (
    select gone.request_id, gone.organization_id, gone.authorized_at, gone.api_key_id, gone.user_id,
      gone.cost_center_id,
      case when gone.model is not null then gone.tokens end as tokens,
      gone.meter_ids::text as meter_ids, gone.quantities::text as quantities,
      cardinality(gone.bucket_ids) as parts,
      gone.bucket_ids[1] as bucket_id, gone.amounts[1] as amount,
      case when cardinality(gone.bucket_ids) > 1 then gone.bucket_ids::text end as bucket_ids,
      case when cardinality(gone.bucket_ids) > 1 then gone.amounts::text end as amounts
    from gone
    order by gone.request_id
  ) g;
  hold_count := coalesce(cardinality(gone_ids), 0);
  walk := 1;
  for h in 1 .. hold_count loop
    while p_request_ids[p_by_id[walk]] <> gone_ids[h] loop
      walk := walk + 1;
    end loop;
    if p_organization_ids[p_by_id[walk]] <> gone_organizations[h] then
      raise exception 'the hold of request % belongs to another organization', gone_ids[h];
    end if;
    hold_of[p_by_id[walk]] := h;
  end loop;
  earliest := least(earliest, p_earliest);
  latest := greatest(latest, p_latest);

  -- No hold: settled or released before, or swept, or lost in a crash of the database.
  if hold_count < request_count then
    select *
    into closed
    from access_closed_calls(p_request_ids, p_organization_ids, p_first_id, p_last_id);
    for k in 1 .. coalesce(cardinality(closed.places), 0) loop
      is_closed[closed.places[k]] := true;
    end loop;
    part_positions := closed.part_positions;
    part_buckets := closed.part_buckets;
    part_amounts := closed.part_amounts;
    part_count := coalesce(cardinality(part_positions), 0);
    note_positions := closed.note_positions;
    notes := closed.notes;
    note_amounts := closed.note_amounts;
    note_count := coalesce(cardinality(note_positions), 0);
  end if;

  select l.ids, l.owners, l.accounts, l.credits, l.free, l.kept, l.opens, l.closes, l.pause_from, l.pause_until,
    l.all_live
  into bucket_ids, owners, accounts, credits, free, kept, opens, closes, pause_from, pause_until, all_live
  from access_live_buckets(fund_ids, earliest, latest) l;
  was_free := free;
  was_kept := kept;

  for i in 1 .. request_count loop
    if p_organization_ids[i] is distinct from organization then
      organization := p_organization_ids[i];
      fund := fund + 1;
      if fund_ids[fund] is distinct from organization then
        raise exception 'organization % has no funds', organization;
      end if;
      first_bucket := last_bucket + 1;
      while owners[last_bucket + 1] = organization loop
        last_bucket := last_bucket + 1;
      end loop;
    end if;
    continue when is_closed[i];

    h := hold_of[i];
    -- Nearly always: one bucket holds the call and covers it.
    if gone_parts[h] = 1 and p_costs[i] > 0 and p_costs[i] <= gone_amount[h] and p_outcomes[i] is not null then
      b := first_bucket;
      while bucket_ids[b] <> gone_bucket[h] loop
        b := b + 1;
      end loop;
      if b <= last_bucket then
        kept[b] := kept[b] - gone_amount[h];
        free[b] := free[b] + gone_amount[h] - p_costs[i];
        usage_funds[i] := fund;
        usage_parts[i] := 1;
        usage_bucket[i] := b;
        usage_amount[i] := p_costs[i];
        continue;
      end if;
    end if;

    cost := case when p_outcomes[i] is null then 0 else p_costs[i] end;
    called_at := p_authorized_at[i];
    has_hold := h is not null;
    paid := 0;

    -- From what is held, each bucket getting back what is left of its part.
    if has_hold then
      held_parts := gone_parts[h];
      if held_parts > 1 then
        held_buckets := gone_buckets[h]::text[];
        held_amounts := gone_amounts[h]::bigint[];
      else
        held_buckets[1] := gone_bucket[h];
        held_amounts[1] := gone_amount[h];
      end if;
      for k in 1 .. held_parts loop
        b := first_bucket;
        while bucket_ids[b] <> held_buckets[k] loop
          b := b + 1;
        end loop;
        if b > last_bucket then
          raise exception 'bucket % of a hold is not live at its call', held_buckets[k];
        end if;
        part := least(held_amounts[k], cost);
        kept[b] := kept[b] - held_amounts[k];
        free[b] := free[b] + held_amounts[k] - part;
        if part > 0 then
          cost := cost - part;
          paid := paid + 1;
          paid_buckets[paid] := b;
          paid_amounts[paid] := part;
        end if;
      end loop;
    end if;

    if p_outcomes[i] is null then
      if has_hold then
        releases := releases + 1;
        released[releases] := p_request_ids[i];
        released_organizations[releases] := organization;
        note_count := note_count + 1;
        note_positions[note_count] := i;
        notes[note_count] := 'released';
        note_amounts[note_count] := 0;
      end if;
      continue;
    end if;

    -- Beyond the hold: down what is live for the call, never tomorrow's allowance.
    if cost > 0 then
      for bucket in first_bucket .. last_bucket loop
        exit when cost = 0;
        continue when free[bucket] = 0 or not (
          all_live or (
            opens[bucket] <= called_at and called_at < closes[bucket]
            and (called_at < pause_from[bucket] or called_at >= pause_until[bucket])
          )
        );
        part := least(free[bucket], cost);
        free[bucket] := free[bucket] - part;
        cost := cost - part;
        b := 1;
        while b <= paid and paid_buckets[b] <> bucket loop
          b := b + 1;
        end loop;
        if b > paid then
          paid := b;
          paid_buckets[b] := bucket;
          paid_amounts[b] := part;
        else
          paid_amounts[b] := paid_amounts[b] + part;
        end if;
      end loop;
    end if;

    usage_funds[i] := fund;
    usage_parts[i] := paid;
    if paid = 1 then
      usage_bucket[i] := paid_buckets[1];
      usage_amount[i] := paid_amounts[1];
    elsif paid > 1 then
      ids := '';
      parts := '';
      for k in 1 .. paid loop
        b := paid_buckets[k];
        ids := ids || ',' || bucket_ids[b];
        parts := parts || ',' || paid_amounts[k];
        part_count := part_count + 1;
        part_positions[part_count] := i;
        part_buckets[part_count] := bucket_ids[b];
        part_amounts[part_count] := paid_amounts[k];
        transfers := transfers + 1;
        transfer_numbers[transfers] := k;
        transfer_calls[transfers] := i;
        transfer_debits[transfers] := accounts[b];
        transfer_credits[transfers] := credits[b];
        transfer_amounts[transfers] := paid_amounts[k];
      end loop;
      usage_buckets[i] := '{' || substr(ids, 2) || '}';
      usage_amounts[i] := '{' || substr(parts, 2) || '}';
    end if;

    -- What nothing can pay is owed by the next call.
    if cost > 0 then
      owed[fund] := owed[fund] + cost;
      note_count := note_count + 1;
      note_positions[note_count] := i;
      notes[note_count] := 'shortfall';
      note_amounts[note_count] := cost;
      transfers := transfers + 1;
      transfer_numbers[transfers] := 0;
      transfer_calls[transfers] := i;
      transfer_debits[transfers] := 'receivable';
      transfer_credits[transfers] := 'revenue';
      transfer_amounts[transfers] := cost;
      usage_shortfalls[i] := cost;
    end if;
    if not has_hold then
      note_count := note_count + 1;
      note_positions[note_count] := i;
      notes[note_count] := 'late';
      note_amounts[note_count] := 0;
      usage_late[i] := true;
    end if;
  end loop;

  -- By subscript: `unnest` of so many arrays would copy each into a table of its own, three times the work.
  insert into metering_usage (
    request_id, organization_id, api_key_id, model, price_id, channel_id, outcome, input_tokens,
    cached_input_tokens, cache_write_tokens, output_tokens, reasoning_tokens, estimated, amount, currency,
    bucket_ids, amounts, shortfall, late, authorized_at, settled_at, recorded_at, latency_ms, first_token_ms,
    application_id, user_id, cost_center_id, tags, details, meter_ids, quantities
  )
  select p_request_ids[i], p_organization_ids[i], p_api_key_ids[i], p_models[i], p_price_ids[i], p_channel_ids[i],
    p_outcomes[i], p_input_tokens[i], p_cached_input_tokens[i], p_cache_write_tokens[i], p_output_tokens[i],
    p_reasoning_tokens[i], p_estimated[i], p_costs[i], currencies[usage_funds[i]],
    case usage_parts[i] when 0 then '{}' when 1 then array[bucket_ids[usage_bucket[i]]] else usage_buckets[i]::text[] end,
    case usage_parts[i] when 0 then '{}' when 1 then array[usage_amount[i]] else usage_amounts[i]::bigint[] end,
    usage_shortfalls[i], usage_late[i], p_authorized_at[i], p_business, p_wall, p_latency_ms[i],
    p_first_token_ms[i], p_application_ids[i], p_user_ids[i], p_cost_center_ids[i],
    case p_tags[i] when '' then '{}' else string_to_array(p_tags[i], ',') end, p_details[i]::jsonb,
    case when has_meters then (select array_agg(p_meter_ids[k]) from unnest(array_positions(p_meter_calls, i)) k) end,
    case when has_meters then (select array_agg(p_quantities[k]) from unnest(array_positions(p_meter_calls, i)) k) end
  from generate_series(1, request_count) as i
  where usage_parts[i] is not null;

  insert into ledger_transfers (
    id, organization_id, debit, credit, amount, currency, kind, reference, occurred_at, recorded_at
  )
  select 'trf_' || substr(p_request_ids[i], 5) || '_1', p_organization_ids[i], accounts[usage_bucket[i]],
    credits[usage_bucket[i]], usage_amount[i], currencies[usage_funds[i]], 'usage', p_request_ids[i], p_business, p_wall
  from generate_series(1, request_count) as i
  where usage_parts[i] = 1;

  if transfers > 0 then
    perform access_transfer_parts(
      p_request_ids, p_organization_ids, usage_funds, currencies, transfer_calls, transfer_numbers, transfer_debits,
      transfer_credits, transfer_amounts, p_business, p_wall
    );
  end if;

  update ledger_buckets b
  set available = free[i], held = kept[i]
  from generate_series(1, cardinality(bucket_ids)) as i
  where b.id = bucket_ids[i]
    and (free[i] <> was_free[i] or kept[i] <> was_kept[i]);

  perform metering_roll_up_calls(
    p_organization_ids, p_application_ids, p_api_key_ids, p_user_ids, p_cost_center_ids, p_models, p_tags,
    p_authorized_at, p_outcomes,
    p_estimated, p_input_tokens, p_cached_input_tokens, p_cache_write_tokens, p_output_tokens, p_reasoning_tokens,
    p_costs, usage_shortfalls, p_latency_ms, p_first_token_ms, usage_funds, zones, currencies, p_earliest, p_latest
  );
  if has_meters then
    perform metering_roll_up_quantities(
      p_organization_ids, p_application_ids, p_api_key_ids, p_user_ids, p_cost_center_ids, p_tags, p_authorized_at,
      p_meter_calls,
      p_meter_ids, p_quantities, usage_funds, zones
    );
  end if;
  if has_quotas then
    perform access_commit_quotas(
      gone_organizations, gone_api_keys, gone_users, gone_cost_centers, gone_instants, gone_tokens, gone_parts,
      gone_amount, gone_amounts,
      gone_meters, gone_quantities, p_organization_ids, p_api_key_ids, p_user_ids, p_cost_center_ids, p_authorized_at,
      array(
        select case when num_nonnulls(p_models[i], usage_parts[i]) = 2 then p_input_tokens[i] + p_output_tokens[i] end
        from generate_series(1, request_count) as i
        order by i
      ),
      p_costs, p_meter_calls, p_meter_ids, p_quantities, usage_parts, fund_ids, earliest, latest, p_business, p_wall
    );
  end if;

  if owed <> was_owed then
    perform access_owe(fund_ids, owed);
  end if;

  if releases > 0 then
    insert into access_closed_requests (request_id, organization_id, closed_at)
    select r.request_id, r.organization_id, p_wall
    from unnest(released, released_organizations) as r (request_id, organization_id)
    on conflict do nothing;
  end if;

  -- The only parts, behind those of several.
  select part_positions || array_agg(i), part_buckets || array_agg(bucket_ids[usage_bucket[i]]),
    part_amounts || array_agg(usage_amount[i])
  into part_positions, part_buckets, part_amounts
  from generate_series(1, request_count) as i
  where usage_parts[i] = 1;
end
$$;
