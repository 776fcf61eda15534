-- What providers told us, stored before it is understood; a repeat of the same bytes is the same row.

create table payments_inbox (
  id text primary key,
  provider text not null,
  digest text not null,
  method text not null,
  query text not null,
  headers jsonb not null,
  body bytea not null,
  outcome text not null,
  deliveries integer not null,
  received_at timestamptz not null,
  last_received_at timestamptz not null,
  constraint payments_inbox_once unique (provider, digest),
  constraint payments_inbox_outcome check (
    outcome in ('received', 'settled', 'repeated', 'parked', 'ignored', 'unconfirmed', 'refused')
  )
);

create index payments_inbox_received on payments_inbox (received_at);
