-- What payers dispute with their bank or at the provider. Providers tell of it late, repeatedly and in any order: a row
-- only ever moves forward, and `booked_minor` is how much of it the ledger has as gone by now.

create table payments_disputes (
  id text primary key,
  provider text not null,
  merchant text not null,
  reference text not null,
  transaction_id text references payments_transactions (id),
  attempt_id text references payments_attempts (id),
  organization_id text,
  amount_minor bigint not null,
  currency text not null,
  status text not null,
  reason text not null,
  respond_by timestamptz,
  is_withdrawn boolean not null,
  booked_minor bigint not null default 0,
  -- who bears what was lost, as an operator decided
  borne_by text,
  borne_minor bigint,
  note text,
  resolved_at timestamptz,
  resolved_by text,
  queries integer not null default 0,
  next_query_at timestamptz,
  opened_at timestamptz not null,
  changed_at timestamptz not null,
  closed_at timestamptz,
  constraint payments_disputes_once unique (provider, merchant, reference),
  constraint payments_disputes_amounts check (amount_minor > 0 and booked_minor between 0 and amount_minor),
  constraint payments_disputes_status check (status in ('needs_response', 'under_review', 'won', 'lost')),
  constraint payments_disputes_closed check ((status in ('won', 'lost')) = (closed_at is not null)),
  constraint payments_disputes_borne check (borne_by in ('customer', 'us')),
  constraint payments_disputes_resolved check (
    (borne_by is null) = (resolved_at is null) and (borne_by is null) = (borne_minor is null)
  )
);

create index payments_disputes_of_transaction on payments_disputes (transaction_id);
create index payments_disputes_of_attempt on payments_disputes (attempt_id, id);
create index payments_disputes_of_organization on payments_disputes (organization_id, id);
create index payments_disputes_to_query on payments_disputes (next_query_at, id)
where next_query_at is not null;
