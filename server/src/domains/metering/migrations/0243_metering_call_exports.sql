-- Receipts of calls as files that are made in the background, part by part: what was made before a process died is kept.

create table metering_call_exports (
  id text collate "C" primary key,
  from_at timestamptz not null,
  to_at timestamptz not null,
  -- null: of all
  organization_id text collate "C",
  model text,
  format text not null,
  -- of the parts so far
  parts integer not null default 0,
  calls bigint not null default 0,
  bytes bigint not null default 0,
  -- the oldest call in the parts: the next one goes on behind it
  last_request_id text collate "C",
  created_by text not null,
  created_at timestamptz not null,
  finished_at timestamptz,
  constraint metering_call_exports_span check (from_at < to_at),
  constraint metering_call_exports_format check (format in ('csv', 'jsonl')),
  constraint metering_call_exports_last check ((parts = 0) = (last_request_id is null))
);

create table metering_call_export_parts (
  export_id text collate "C" not null references metering_call_exports (id) on delete cascade,
  position integer not null,
  -- compressed by gzip
  content bytea not null,
  constraint metering_call_export_parts_key primary key (export_id, position)
);

-- It is compressed already.
alter table metering_call_export_parts alter column content set storage external;
