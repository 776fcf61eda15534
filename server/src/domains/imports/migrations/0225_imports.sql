-- What was moved here from another system, and from where: what makes an import repeatable.

create table imports_sources (
  id text collate "C" primary key,
  -- as the operator calls it
  name text not null,
  kind text not null,
  -- where it is, with its password, and how its money is changed; null: nothing is compared by night
  sealed_location text,
  created_at timestamptz not null,
  constraint imports_sources_name unique (name),
  constraint imports_sources_kind check (kind in ('claude-relay', 'one-api', 'new-api'))
);

create table imports_mappings (
  source_id text collate "C" not null references imports_sources (id),
  kind text not null,
  -- as it is called there
  their_id text collate "C" not null,
  -- of the person, organization, key or channel here
  our_id text not null,
  organization_id text,
  -- of all that was carried: another one means that it has changed there
  checksum text not null,
  -- of balances, nano-units of the usage currency
  amount bigint,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (source_id, kind, their_id),
  constraint imports_mappings_kind check (kind in ('account', 'balance', 'key', 'channel'))
);

create index imports_mappings_ours on imports_mappings (our_id);

-- Calls that were made there, by day of the organization's zone: history to look at, no receipts, and nothing that is billed.
create table imports_usage_days (
  organization_id text collate "C" not null,
  starts_at timestamptz not null,
  source_id text collate "C" not null references imports_sources (id),
  -- empty where the key is not known, or was not moved
  api_key_id text collate "C" not null,
  model text collate "C" not null,
  calls bigint not null,
  input_tokens bigint not null,
  output_tokens bigint not null,
  -- nano-units of the usage currency
  amount bigint not null,
  primary key (organization_id, starts_at, source_id, api_key_id, model)
);

create index imports_usage_days_by_source on imports_usage_days (source_id, starts_at);

create table imports_comparisons (
  source_id text collate "C" not null references imports_sources (id),
  compared_at timestamptz not null,
  differences integer not null,
  report jsonb not null,
  primary key (source_id, compared_at)
);
