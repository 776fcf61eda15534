-- What calls were billed and what they cost upstream, of days that are over: reports read these instead of every call, and
-- they stay when months of calls leave. Days are the deployment's, by when calls were settled: it is then that they are
-- paid. Calls through a channel without cost prices are counted apart.

create table metering_margins_daily (
  starts_at timestamptz not null,
  model text collate "C" not null,
  -- empty where no channel is known
  channel_id text collate "C" not null,
  currency text collate "C" not null,
  calls bigint not null,
  input_tokens bigint not null,
  output_tokens bigint not null,
  -- of all customers, so that sums may be more than a bigint holds
  amount numeric(38) not null,
  cost numeric(38) not null,
  uncosted_calls bigint not null,
  uncosted_amount numeric(38) not null,
  constraint metering_margins_daily_key primary key (starts_at, model, channel_id, currency)
);

create table metering_margins_monthly (
  starts_at timestamptz not null,
  organization_id text collate "C" not null,
  currency text collate "C" not null,
  calls bigint not null,
  amount bigint not null,
  cost bigint not null,
  uncosted_calls bigint not null,
  uncosted_amount bigint not null,
  constraint metering_margins_monthly_key primary key (starts_at, organization_id, currency)
);

-- Customers one after the other with their months, for sums of a hundred thousand of them.
create index metering_margins_monthly_by_customer on metering_margins_monthly (organization_id, currency, starts_at)
  include (cost);

-- Up to which instant both are kept: one row.
create table metering_margins_kept (
  is_kept boolean primary key,
  until timestamptz not null,
  constraint metering_margins_kept_one check (is_kept)
);
