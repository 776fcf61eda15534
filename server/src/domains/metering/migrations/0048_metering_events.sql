-- Usage that applications report. Partitioned by the month in which it happened; the keys, which make each event count
-- once, are kept beside it, because a repeat may name another time.

create table metering_events (
  key uuid not null,
  -- as the application named it
  event_id text not null,
  application_id text not null,
  organization_id text collate "C" not null,
  meter_id text collate "C" not null,
  api_key_id text,
  user_id text,
  tags text[] not null default '{}',
  -- in the meter's smallest parts
  quantity bigint not null,
  -- of the property whose distinct values are counted
  value text,
  properties jsonb,
  occurred_at timestamptz not null,
  received_at timestamptz not null,
  -- the event that stands in its place
  superseded_by text,
  constraint metering_events_key primary key (key, occurred_at)
) partition by range (occurred_at);

create table metering_events_default partition of metering_events default;

create index metering_events_by_organization
on metering_events (organization_id, meter_id, occurred_at);

create table metering_event_keys (
  -- the first 16 bytes of the SHA-256 of the application and the event's id
  key uuid primary key,
  occurred_at timestamptz not null,
  received_at timestamptz not null
);
