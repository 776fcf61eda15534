-- Gives back up to `p_limit` holds that expired before `p_wall`, and what they reserved of quotas; answers how many. A
-- settle that comes later is late.

create function access_sweep(p_wall timestamptz, p_business timestamptz, p_limit integer) returns integer
language plpgsql
as $$
declare
  expired text[];
  organizations text[];
  freed record;
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
    returning *
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
  select array_agg(g.organization_id) as organization_ids, array_agg(g.api_key_id) as api_key_ids,
    array_agg(g.user_id) as user_ids, array_agg(g.cost_center_id) as cost_center_ids,
    array_agg(g.authorized_at) as instants,
    array_agg(case when g.model is not null then g.tokens end) as tokens,
    array_fill(1, array[count(*)::integer]) as parts,
    array_agg((select coalesce(sum(a), 0)::bigint from unnest(g.amounts) a)) as costs,
    array_agg(g.meter_ids::text) as meter_ids, array_agg(g.quantities::text) as quantities,
    min(g.authorized_at) as earliest, max(g.authorized_at) as latest
  into freed
  from gone g;
  if freed.organization_ids is null then
    return 0;
  end if;
  perform access_commit_quotas(
    freed.organization_ids, freed.api_key_ids, freed.user_ids, freed.cost_center_ids, freed.instants, freed.tokens,
    freed.parts, freed.costs,
    null, freed.meter_ids, freed.quantities, null, null, null, null, null, null, null, null, null, null, null,
    organizations, freed.earliest, freed.latest, p_business, p_wall
  );
  return cardinality(freed.organization_ids);
end
$$;
