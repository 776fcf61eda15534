-- Writes what calls moved between accounts that several buckets paid, or that left a shortfall, which is number 0 of its
-- call.
create function access_transfer_parts(
  p_request_ids text[], p_organization_ids text[],
  -- of each call, where its currency is
  p_funds integer[], p_currencies text[],
  -- of each transfer: its call, by its position, and which of that call's it is
  p_calls integer[], p_numbers integer[],
  p_debits text[], p_credits text[], p_amounts bigint[],
  p_business timestamptz, p_wall timestamptz
) returns void
language sql
as $$
  insert into ledger_transfers (
    id, organization_id, debit, credit, amount, currency, kind, reference, occurred_at, recorded_at
  )
  select 'trf_' || substr(p_request_ids[t.call], 5) || '_' || t.number, p_organization_ids[t.call], t.debit, t.credit,
    t.amount, p_currencies[p_funds[t.call]], case t.number when 0 then 'shortfall' else 'usage' end,
    p_request_ids[t.call], p_business, p_wall
  from unnest(p_calls, p_numbers, p_debits, p_credits, p_amounts) as t (call, number, debit, credit, amount)
$$;
