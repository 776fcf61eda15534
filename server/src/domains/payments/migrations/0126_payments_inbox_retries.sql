-- What could not be done at once is tried again here, then waits as a dead letter; what nobody could prove is kept
-- apart, by the address that sent it, so that strangers cannot fill the table.

alter table payments_inbox
  -- of the sender; an IPv6 network counts as one
  add column address text,
  add column verified_at timestamptz,
  -- what the provider said, as JSON: a signature may be too old to be checked again
  add column claims text,
  add column reason text,
  add column tries integer not null default 0,
  add column next_try_at timestamptz,
  add column handled_at timestamptz,
  -- only the beginning of what was refused is kept
  add column is_cut boolean not null default false,
  drop constraint payments_inbox_outcome,
  add constraint payments_inbox_outcome check (
    outcome in (
      'received', 'settled', 'repeated', 'parked', 'handled', 'ignored', 'unconfirmed', 'failed', 'dead', 'refused'
    )
  );

create index payments_inbox_due on payments_inbox (next_try_at, id)
where next_try_at is not null;

create index payments_inbox_unproven on payments_inbox (address, id)
where verified_at is null;

create index payments_inbox_of_provider on payments_inbox (provider, id);
create index payments_inbox_by_outcome on payments_inbox (outcome, id);
