-- Gives back up to `p_limit` holds that expired before `p_wall`; answers how many. A settle that comes later is late.

create function access_sweep(p_wall timestamptz, p_limit integer) returns integer
language plpgsql
as $$
declare
  expired text[];
  organizations text[];
  swept integer;
begin
  select array_agg(h.request_id), array_agg(distinct h.organization_id)
  into expired, organizations
  from (
    select request_id, organization_id
    from access_holds
    where expires_at <= p_wall
    order by expires_at, request_id
    limit p_limit
  ) h;
  if expired is null then
    return 0;
  end if;

  perform
  from ledger_organizations
  where organization_id = any (organizations)
  order by organization_id
  for no key update;

  -- Those that were renewed or settled while we waited are left alone.
  with gone as (
    delete from access_holds
    where request_id = any (expired)
      and organization_id = any (organizations)
      and expires_at <= p_wall
    returning bucket_ids, amounts
  ),
  back as (
    select p.bucket_id, sum(p.amount)::bigint as amount
    from gone
    cross join lateral unnest(gone.bucket_ids, gone.amounts) as p (bucket_id, amount)
    group by p.bucket_id
  ),
  given as (
    update ledger_buckets b
    set available = b.available + back.amount, held = b.held - back.amount
    from back
    where b.id = back.bucket_id
  )
  select count(*)
  into swept
  from gone;
  return swept;
end
$$;
