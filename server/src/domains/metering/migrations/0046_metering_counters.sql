-- What was used of a quota within one of its windows, and what calls in flight have reserved of it. Written in the
-- transactions that authorize and settle, under the lock of the organization's funds.

create table metering_counters (
  quota_id text collate "C" not null,
  window_from timestamptz not null,
  resets_at timestamptz not null,
  organization_id text collate "C" not null,
  used bigint not null default 0,
  reserved bigint not null default 0,
  -- event time of the value that stands, where the latest counts
  latest_at timestamptz,
  primary key (quota_id, window_from),
  constraint metering_counters_reserved_not_negative check (reserved >= 0)
) with (
  fillfactor = 50,
  autovacuum_vacuum_scale_factor = 0,
  autovacuum_vacuum_threshold = 2000,
  autovacuum_vacuum_cost_delay = 0
);

create index metering_counters_open on metering_counters (organization_id, resets_at);

-- The values that a counter of distinct values has seen.
create table metering_counter_values (
  quota_id text collate "C" not null,
  window_from timestamptz not null,
  value text collate "C" not null,
  primary key (quota_id, window_from, value)
);

-- Once per window: the first time that a hard limit refused, or that use passed a soft one.
create table metering_violations (
  id text collate "C" primary key,
  organization_id text collate "C" not null,
  quota_id text collate "C" not null,
  window_from timestamptz not null,
  resets_at timestamptz not null,
  subject_kind text not null,
  subject_id text not null,
  meter_id text not null,
  "window" text not null,
  limit_amount bigint not null,
  used bigint not null,
  requested bigint not null,
  is_hard boolean not null,
  occurred_at timestamptz not null,
  constraint metering_violations_once unique (quota_id, window_from)
);

create index metering_violations_by_organization on metering_violations (organization_id, id desc);
create index metering_violations_by_time on metering_violations (id desc);

-- Calls know whose they were; calls of applications know which meters they moved.
alter table metering_usage
  alter column model drop not null,
  alter column price_id drop not null,
  add column application_id text,
  add column user_id text,
  add column tags text[] not null default '{}',
  add column meter_ids text[],
  add column quantities bigint[];
