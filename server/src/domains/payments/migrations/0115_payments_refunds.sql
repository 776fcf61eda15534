-- Money that goes back: to the payer through the provider, or to the customer's wallet. A row is committed with its
-- number before the provider is called, and what is not failed never adds up to more than was collected.

alter table payments_transactions
  -- what refunds that are not failed give back of it
  add column returned_minor bigint not null default 0,
  add constraint payments_transactions_returned check (returned_minor between 0 and amount_minor);

alter table payments_attempts
  add column refunded_minor bigint not null default 0,
  add constraint payments_attempts_refunded check (refunded_minor between 0 and amount_minor);

-- What an operator did with money that fitted nothing.
alter table payments_unapplied
  add column state text not null default 'open',
  add column applied_invoice_id text,
  add column applied_minor bigint,
  add column applied_currency text,
  add column resolved_at timestamptz,
  add column resolved_by text,
  add constraint payments_unapplied_state check (state in ('open', 'applied', 'returned')),
  add constraint payments_unapplied_resolved check ((state = 'open') = (resolved_at is null)),
  add constraint payments_unapplied_applied check (
    (state = 'applied') = (applied_minor is not null) and (state = 'applied') = (applied_currency is not null)
  );

create index payments_unapplied_open on payments_unapplied (id)
where state = 'open';

create table payments_refunds (
  id text primary key,
  -- the refund's number at the provider, and the idempotency key there
  number text not null,
  transaction_id text not null references payments_transactions (id),
  attempt_id text references payments_attempts (id),
  unapplied_id text references payments_unapplied (id),
  organization_id text,
  provider text not null,
  merchant text not null,
  -- whose money it is until then
  source text not null,
  invoice_id text,
  destination text not null,
  -- an operator decided on it here, or it was made at the provider
  origin text not null,
  amount_minor bigint not null,
  currency text not null,
  -- its share of what the provider collected
  charged_minor bigint not null,
  charged_currency text not null,
  -- what leaves the wallet it comes from, or enters the wallet it goes to
  wallet_minor bigint,
  wallet_currency text,
  reason text not null,
  status text not null,
  reference text,
  failure text,
  queries integer not null default 0,
  next_query_at timestamptz,
  requested_by text,
  created_at timestamptz not null,
  finished_at timestamptz,
  constraint payments_refunds_number_once unique (number),
  constraint payments_refunds_number_form check (number ~ '^[0-9a-z]{24}$'),
  constraint payments_refunds_reference_once unique (provider, merchant, reference),
  constraint payments_refunds_amounts check (amount_minor > 0 and charged_minor > 0),
  constraint payments_refunds_source check (source in ('invoice', 'wallet', 'unapplied', 'nobody')),
  constraint payments_refunds_invoice check ((source = 'invoice') = (invoice_id is not null)),
  constraint payments_refunds_destination check (destination in ('provider', 'wallet')),
  constraint payments_refunds_origin check (origin in ('operator', 'provider')),
  constraint payments_refunds_status check (status in ('pending', 'unknown', 'succeeded', 'failed')),
  constraint payments_refunds_finished check (
    (status in ('succeeded', 'failed')) = (finished_at is not null)
  )
);

create index payments_refunds_of_transaction on payments_refunds (transaction_id);
create index payments_refunds_of_attempt on payments_refunds (attempt_id, id);
create index payments_refunds_of_organization on payments_refunds (organization_id, id);
create index payments_refunds_to_query on payments_refunds (next_query_at, id)
where next_query_at is not null;
