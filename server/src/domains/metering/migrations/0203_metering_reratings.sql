-- Calls of a model and a time that were rated again at another price, and what each organization got back for them. The
-- calls keep their rows: a receipt shows both.

create table metering_reratings (
  id text primary key,
  -- hash of model, time and price: the same again is not done again
  key text not null,
  model text not null,
  from_at timestamptz not null,
  to_at timestamptz not null,
  -- position -> nano-units, as the price book has it
  terms jsonb not null,
  -- calls that were settled later keep what they were billed
  settled_before timestamptz not null,
  created_at timestamptz not null,
  constraint metering_reratings_key unique (key),
  constraint metering_reratings_span check (from_at < to_at)
);

create index metering_reratings_by_model on metering_reratings (model, from_at);

create table metering_rerating_parts (
  rerating_id text not null references metering_reratings (id),
  organization_id text collate "C" not null,
  calls bigint not null,
  billed bigint not null,
  rerated bigint not null,
  given_back bigint not null,
  constraint metering_rerating_parts_key primary key (rerating_id, organization_id),
  constraint metering_rerating_parts_range check (given_back between 0 and billed)
);
