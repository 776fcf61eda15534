-- What is known of calls that were settled or released before: the parts that paid, in the order in which they did, and
-- the notes that `access_settle` answers.
create function access_closed_calls(
  p_request_ids text[],
  p_organization_ids text[],
  p_first_id text,
  p_last_id text
) returns table (place integer, bucket_id text, note text, amount bigint)
language plpgsql
set enable_seqscan = off
set plan_cache_mode = force_generic_plan
as $$
declare
  known record;
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
    return query
      select place, p.bucket_id, null::text, p.amount
      from unnest(known.bucket_ids, known.amounts) with ordinality as p (bucket_id, amount, number)
      order by p.number;
    return query
      select place, null::text, n.note, n.amount
      from (
        values
          (case when known.is_released then 'request_closed' else 'repeated' end, 0::bigint, true),
          ('shortfall', known.shortfall, known.shortfall > 0),
          ('late', 0, known.late)
      ) as n (note, amount, applies)
      where n.applies;
  end loop;
end
$$;
