-- Sums by hour and day of the organization's zone, written in the transactions that write what they sum. Empty text
-- stands for "none", so that it can be part of a key. Days and hours have one shape.

create table metering_calls_hourly (
  organization_id text collate "C" not null,
  starts_at timestamptz not null,
  application_id text collate "C" not null,
  api_key_id text collate "C" not null,
  user_id text collate "C" not null,
  model text collate "C" not null,
  -- sorted, joined by commas
  tags text collate "C" not null,
  currency text collate "C" not null,
  calls bigint not null default 0,
  aborted bigint not null default 0,
  failed bigint not null default 0,
  estimated bigint not null default 0,
  input_tokens bigint not null default 0,
  cached_input_tokens bigint not null default 0,
  cache_write_tokens bigint not null default 0,
  output_tokens bigint not null default 0,
  reasoning_tokens bigint not null default 0,
  amount bigint not null default 0,
  shortfall bigint not null default 0,
  -- sums, with how many calls they are of
  latency_ms bigint not null default 0,
  latency_calls bigint not null default 0,
  first_token_ms bigint not null default 0,
  first_token_calls bigint not null default 0,
  primary key (organization_id, starts_at, application_id, api_key_id, user_id, model, tags, currency)
) with (fillfactor = 60, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

create table metering_calls_daily (like metering_calls_hourly including all)
with (fillfactor = 60, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

create index metering_calls_hourly_by_time on metering_calls_hourly (starts_at);
create index metering_calls_daily_by_time on metering_calls_daily (starts_at);

create table metering_quantities_hourly (
  organization_id text collate "C" not null,
  starts_at timestamptz not null,
  meter_id text collate "C" not null,
  application_id text collate "C" not null,
  api_key_id text collate "C" not null,
  user_id text collate "C" not null,
  tags text collate "C" not null,
  events bigint not null default 0,
  total bigint not null default 0,
  maximum bigint not null,
  latest bigint not null,
  latest_at timestamptz not null,
  primary key (organization_id, starts_at, meter_id, application_id, api_key_id, user_id, tags)
) with (fillfactor = 60, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

create table metering_quantities_daily (like metering_quantities_hourly including all)
with (fillfactor = 60, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

create index metering_quantities_hourly_by_time on metering_quantities_hourly (starts_at);
create index metering_quantities_daily_by_time on metering_quantities_daily (starts_at);

-- Distinct values by day: how many there are in a longer time is counted over them.
create table metering_unique_values (
  organization_id text collate "C" not null,
  meter_id text collate "C" not null,
  starts_at timestamptz not null,
  value text collate "C" not null,
  events bigint not null,
  primary key (organization_id, meter_id, starts_at, value)
);
