-- Payment methods that providers keep for organizations, how they are stored, and payments that are charged to them.

create table payments_methods (
  id text primary key,
  organization_id text not null,
  provider text not null,
  merchant text not null,
  -- of what it is called at the provider: finds it without opening the seal
  digest text not null,
  sealed_reference text not null,
  sealed_customer text,
  kind text not null,
  label text not null,
  expires text,
  is_default boolean not null,
  status text not null,
  created_at timestamptz not null,
  removed_at timestamptz,
  removals integer not null default 0,
  next_removal_at timestamptz,
  -- however often a provider tells us of it
  constraint payments_methods_once unique (provider, merchant, digest),
  constraint payments_methods_kind check (kind in ('card', 'bank_account', 'account', 'agreement')),
  constraint payments_methods_expires check (expires ~ '^\d{4}-\d{2}$'),
  constraint payments_methods_status check (status in ('active', 'removing', 'removed')),
  constraint payments_methods_default check (not is_default or status = 'active')
);

create index payments_methods_of_organization on payments_methods (organization_id, id);
create unique index payments_methods_one_default on payments_methods (organization_id)
where is_default;
create index payments_methods_to_remove on payments_methods (next_removal_at)
where next_removal_at is not null;

create table payments_setups (
  id text primary key,
  -- the set-up's number at the provider, and the idempotency key there
  number text not null,
  organization_id text not null,
  provider text not null,
  merchant text not null,
  means text,
  currency text not null,
  status text not null,
  next jsonb not null,
  return_url text,
  reference text,
  decline_code text,
  method_id text references payments_methods (id),
  queries integer not null default 0,
  queried_at timestamptz,
  next_query_at timestamptz,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  constraint payments_setups_number_once unique (number),
  constraint payments_setups_number_form check (number ~ '^[0-9a-z]{24}$'),
  constraint payments_setups_status check (status in ('pending', 'stored', 'failed', 'canceled')),
  constraint payments_setups_stored check ((status = 'stored') = (method_id is not null))
);

create index payments_setups_of_organization on payments_setups (organization_id, id);
create index payments_setups_to_query on payments_setups (next_query_at, id)
where next_query_at is not null;

alter table payments_attempts
  -- what is charged without the payer
  add column method_id text references payments_methods (id),
  -- begun by us, with nobody waiting on a page for it
  add column is_automatic boolean not null default false,
  -- what was kept of it for later
  add column kept_method_id text references payments_methods (id),
  -- whom the provider is told about: mail and language, and the network address where the means wants it
  add column payer jsonb;

-- A charge whose outcome is not known is asked about; another one beside it could take the money twice.
create unique index payments_attempts_one_charge on payments_attempts (invoice_id)
where method_id is not null and status in ('pending', 'unknown');
