-- A hold keeps what a call in flight may cost. Settling and releasing delete it, so a live hold means not settled.

create table access_holds (
  request_id text collate "C" primary key,
  organization_id text collate "C" not null,
  api_key_id text,
  model text not null,
  price_id text not null,
  -- business time: the windows that the call belongs to
  authorized_at timestamptz not null,
  -- wall time: the sweep gives back what is held longer
  expires_at timestamptz not null,
  bucket_ids text[] not null,
  amounts bigint[] not null
) with (
  autovacuum_vacuum_scale_factor = 0,
  autovacuum_vacuum_threshold = 5000,
  autovacuum_vacuum_cost_delay = 0,
  -- Giving empty pages back would lock every call out for a moment; they are filled again at once.
  vacuum_truncate = off
);

-- Requests that were released: neither authorized again nor settled.
create table access_closed_requests (
  request_id text collate "C" primary key,
  organization_id text collate "C" not null,
  closed_at timestamptz not null
);

create index access_closed_requests_age on access_closed_requests (closed_at);
