-- Providers' settings, attempts to collect money, the money that came, and the inbox of what providers told us.

create table payments_providers (
  provider text primary key,
  enabled boolean not null,
  settings jsonb not null,
  -- setting → secret sealed under the deployment's key
  sealed_secrets jsonb not null,
  updated_at timestamptz not null
);

create table payments_attempts (
  id text primary key,
  -- the order number at the provider, and the idempotency key there
  number text not null,
  organization_id text not null,
  invoice_id text not null,
  provider text not null,
  merchant text not null,
  title text not null,
  amount_minor bigint not null,
  currency text not null,
  -- what the provider collects, at the rate frozen when the attempt was made
  charged_minor bigint not null,
  charged_currency text not null,
  rate text not null,
  status text not null,
  next jsonb not null,
  return_url text,
  provider_transaction text,
  queries integer not null default 0,
  queried_at timestamptz,
  next_query_at timestamptz,
  created_at timestamptz not null,
  expires_at timestamptz,
  settled_at timestamptz,
  constraint payments_attempts_number_once unique (number),
  constraint payments_attempts_number_form check (number ~ '^[0-9a-z]{24}$'),
  constraint payments_attempts_amounts check (amount_minor >= 0 and charged_minor >= 0),
  constraint payments_attempts_status check (
    status in ('pending', 'succeeded', 'failed', 'canceled', 'unknown')
  ),
  constraint payments_attempts_settled check ((status = 'succeeded') = (settled_at is not null)),
  constraint payments_attempts_transaction check (
    (status = 'succeeded') = (provider_transaction is not null)
  )
);

create index payments_attempts_of_organization on payments_attempts (organization_id, id);
create index payments_attempts_of_invoice on payments_attempts (invoice_id);
create index payments_attempts_to_query on payments_attempts (next_query_at, id)
where next_query_at is not null;
create index payments_attempts_expiring on payments_attempts (expires_at, id)
where status = 'pending';

create table payments_transactions (
  id text primary key,
  provider text not null,
  provider_transaction text not null,
  attempt_id text references payments_attempts (id),
  number text not null,
  merchant text not null,
  amount_minor bigint not null,
  currency text not null,
  source text not null,
  received_at timestamptz not null,
  -- one piece of money is counted once, however often and by whatever way we hear of it
  constraint payments_transactions_once unique (provider, merchant, provider_transaction),
  constraint payments_transactions_source check (source in ('notification', 'query', 'manual', 'wallet'))
);

create index payments_transactions_of_attempt on payments_transactions (attempt_id);

create table payments_unapplied (
  id text primary key,
  transaction_id text not null references payments_transactions (id),
  organization_id text,
  attempt_id text references payments_attempts (id),
  amount_minor bigint not null,
  currency text not null,
  reason text not null,
  parked_at timestamptz not null,
  constraint payments_unapplied_once unique (transaction_id),
  constraint payments_unapplied_reason check (
    reason in ('late', 'duplicate', 'amount_mismatch', 'unknown_order', 'invoice_closed')
  )
);
