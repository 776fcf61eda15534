-- What is known of calls that were settled or released before: their places, the parts that paid, in the order in which
-- they did, and the notes that `access_settle` answers.
create function access_closed_calls(
  p_request_ids text[],
  p_organization_ids text[],
  p_first_id text,
  p_last_id text,
  out places integer[],
  out part_positions integer[], out part_buckets text[], out part_amounts bigint[],
  out note_positions integer[], out notes text[], out note_amounts bigint[]
)
language plpgsql
set enable_seqscan = off
set plan_cache_mode = force_generic_plan
as $$
declare
  known record;
  place integer;
begin
  for known in
    select u.request_id, u.organization_id, u.bucket_ids, u.amounts, u.shortfall, u.late, false as is_released
    from metering_usage u
    where u.request_id = any (p_request_ids)
      and u.request_id >= p_first_id
      and u.request_id <= p_last_id
    union all
    select r.request_id, r.organization_id, '{}', '{}', 0, false, true
    from access_closed_requests r
    where r.request_id = any (p_request_ids)
  loop
    place := array_position(p_request_ids, known.request_id);
    if known.organization_id <> p_organization_ids[place] then
      raise exception 'request % belongs to another organization', known.request_id;
    end if;
    places := places || place;
    part_positions := part_positions || array_fill(place, array[cardinality(known.bucket_ids)]);
    part_buckets := part_buckets || known.bucket_ids;
    part_amounts := part_amounts || known.amounts;
    note_positions := note_positions || place;
    notes := notes || case when known.is_released then 'request_closed' else 'repeated' end;
    note_amounts := note_amounts || 0::bigint;
    if known.shortfall > 0 then
      note_positions := note_positions || place;
      notes := notes || 'shortfall'::text;
      note_amounts := note_amounts || known.shortfall;
    end if;
    if known.late then
      note_positions := note_positions || place;
      notes := notes || 'late'::text;
      note_amounts := note_amounts || 0::bigint;
    end if;
  end loop;
end
$$;
