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

-- Keeps what organizations owe now.
create function access_owe(p_organization_ids text[], p_owed bigint[]) returns void
language sql
as $$
  update ledger_organizations o
  set shortfall = n.owed
  from unnest(p_organization_ids, p_owed) as n (id, owed)
  where o.organization_id = n.id
    and o.shortfall <> n.owed
$$;
