-- A provider's statement of a day against what we have: each line, and each thing of ours that no line speaks of, is an
-- item. A second run renews what nobody has resolved, and leaves the rest alone.

create table payments_reconciliations (
  id text primary key,
  provider text not null,
  merchant text not null,
  -- a day of the provider's own calendar
  date text not null,
  status text not null,
  reason text,
  from_at timestamptz,
  to_at timestamptz,
  totals jsonb not null default '[]',
  runs integer not null default 0,
  next_try_at timestamptz,
  -- whoever runs it holds it until then
  claimed_until timestamptz,
  created_at timestamptz not null,
  finished_at timestamptz,
  constraint payments_reconciliations_once unique (provider, merchant, date),
  constraint payments_reconciliations_date check (date ~ '^\d{4}-\d{2}-\d{2}$'),
  constraint payments_reconciliations_status check (status in ('running', 'waiting', 'done', 'failed'))
);

create index payments_reconciliations_due on payments_reconciliations (next_try_at, id)
where next_try_at is not null;

create table payments_reconciliation_items (
  id text primary key,
  reconciliation_id text not null references payments_reconciliations (id),
  -- what it is about, the same in every run
  key text not null,
  result text not null,
  difference text,
  kind text not null,
  number text,
  provider_transaction text,
  line_minor bigint,
  line_currency text,
  line_at timestamptz,
  fee_minor bigint,
  fee_currency text,
  booked_id text,
  booked_minor bigint,
  booked_currency text,
  -- of a refund that we do not know: the payment that the provider says it gives back
  payment_number text,
  payment_transaction text,
  -- the payment that it belongs to
  attempt_id text,
  organization_id text,
  is_fee_booked boolean not null default false,
  resolution text,
  note text,
  resolved_at timestamptz,
  resolved_by text,
  constraint payments_reconciliation_items_once unique (reconciliation_id, key),
  constraint payments_reconciliation_items_result check (
    result in ('matched', 'missing_here', 'missing_there', 'different')
  ),
  constraint payments_reconciliation_items_difference check (
    (result = 'different') = (difference is not null) and difference in ('amount', 'currency', 'status')
  ),
  constraint payments_reconciliation_items_sides check (
    (line_minor is null) = (result = 'missing_there') and (booked_minor is null) = (result = 'missing_here')
  ),
  constraint payments_reconciliation_items_resolution check (
    resolution in ('settled', 'accepted', 'written_off', 'unapplied')
  ),
  constraint payments_reconciliation_items_resolved check (
    (resolution is null) = (resolved_at is null) and (resolution is null or result <> 'matched')
  )
);

create index payments_reconciliation_items_open on payments_reconciliation_items (reconciliation_id, id)
where result <> 'matched' and resolution is null;
create index payments_reconciliation_items_of_booked on payments_reconciliation_items (booked_id);

create index payments_transactions_of_day on payments_transactions (provider, received_at);

alter table payments_transactions
  drop constraint payments_transactions_source,
  add constraint payments_transactions_source check (
    source in ('notification', 'query', 'manual', 'wallet', 'reconciliation')
  );
