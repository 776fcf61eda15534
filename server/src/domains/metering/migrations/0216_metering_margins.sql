-- What calls were billed and what they cost upstream by day, up to the last hour that is over: reports read these instead of
-- every call, and they stay when months of calls leave. Days are the deployment's, by when calls were settled: it is then that they are
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

-- The same of each customer, from the beginning to the end of each month: two of these are enough for any time between. A
-- month begins with all customers there were before. The latest changes by the hour, and is read by its key alone once it was
-- vacuumed: hence often.
create table metering_margins_to_date (
  -- its first instant
  month timestamptz not null,
  organization_id text collate "C" not null,
  currency text collate "C" not null,
  calls bigint not null,
  amount bigint not null,
  cost bigint not null,
  uncosted_calls bigint not null,
  uncosted_amount bigint not null,
  -- with the figures, so that a hundred thousand of them are read in the order of customers
  constraint metering_margins_to_date_key primary key (month, organization_id, currency)
    include (calls, amount, cost, uncosted_calls, uncosted_amount)
) with (autovacuum_vacuum_scale_factor = 0.02);

-- How far both go: one row.
create table metering_margins_kept (
  is_kept boolean primary key,
  until timestamptz not null,
  -- where the day begins in the sums that is not over yet
  day timestamptz not null,
  constraint metering_margins_kept_one check (is_kept)
);
