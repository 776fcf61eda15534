-- The buckets that are open at some time between two instants, in the order in which they are spent, as arrays; with the
-- account that each pays from and the one that earns it, and whether all of them may be spent all that time. Written so
-- that the planner takes it into the query that asks.
create function access_live_buckets(p_organization_ids text[], p_earliest timestamptz, p_latest timestamptz)
returns table (
  ids text[], owners text[], accounts text[], credits text[], free bigint[], kept bigint[],
  opens timestamptz[], closes timestamptz[], pause_from timestamptz[], pause_until timestamptz[],
  all_live boolean
)
language sql
stable
rows 1
as $$
  select array_agg(b.id), array_agg(b.organization_id), array_agg(b.account),
    array_agg(case b.kind when 'allowance' then 'world' else 'revenue' end), array_agg(b.available),
    array_agg(b.held), array_agg(b.opens_at), array_agg(b.closes_at), array_agg(b.pause_from),
    array_agg(b.pause_until),
    bool_and(
      b.opens_at <= p_earliest and p_latest < b.closes_at
      and (p_latest < b.pause_from or p_earliest >= b.pause_until)
    )
  from (
    select l.*
    from ledger_buckets l
    where l.organization_id = any (p_organization_ids)
      and l.closes_at > p_earliest
      and l.opens_at <= p_latest
    order by l.organization_id, l.kind, l.priority, l.spend_before, l.id
  ) b
$$;
