-- Calls, events and their sums know the cost center that they were booked under when they were made. What is older has
-- none. A key and its holder have one at a time, so that sums get no more rows than there are changes.

alter table metering_usage add column cost_center_id text;
alter table metering_events add column cost_center_id text;

alter table metering_calls_hourly
  add column cost_center_id text collate "C" not null default '',
  drop constraint metering_calls_hourly_pkey,
  add primary key (
    organization_id, starts_at, application_id, api_key_id, user_id, model, tags, currency, cost_center_id
  );

alter table metering_calls_daily
  add column cost_center_id text collate "C" not null default '',
  drop constraint metering_calls_daily_pkey,
  add primary key (
    organization_id, starts_at, application_id, api_key_id, user_id, model, tags, currency, cost_center_id
  );

alter table metering_quantities_hourly
  add column cost_center_id text collate "C" not null default '',
  drop constraint metering_quantities_hourly_pkey,
  add primary key (
    organization_id, starts_at, meter_id, application_id, api_key_id, user_id, tags, cost_center_id
  );

alter table metering_quantities_daily
  add column cost_center_id text collate "C" not null default '',
  drop constraint metering_quantities_daily_pkey,
  add primary key (
    organization_id, starts_at, meter_id, application_id, api_key_id, user_id, tags, cost_center_id
  );
