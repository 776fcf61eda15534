-- What takes long, as it goes on: told of, stopped, and taken up again; and when each schedule last ran.

create table jobs_operations (
  id text collate "C" primary key,
  kind text not null,
  -- what it works on: one at a time of its kind
  key text not null,
  title text not null,
  -- who began it; the id is null for the deployment itself
  actor_kind text not null,
  actor_id text,
  state text not null,
  -- for operations in several parts; done and total are of this one
  stage text,
  done bigint not null,
  -- null where it is not known
  total bigint,
  -- the time left is told by the pace since then
  paced_from timestamptz not null,
  paced_done bigint not null,
  -- how often it was begun or taken up
  runs integer not null,
  -- all that taking it up again needs; null where only whoever began it can
  input jsonb,
  error text,
  -- of the run that has it: another cannot tell its progress
  claim text not null,
  heartbeat_at timestamptz not null,
  started_at timestamptz not null,
  -- of the last run; null while one goes on
  ended_at timestamptz,
  constraint jobs_operations_state check (state in ('running', 'stopping', 'resuming', 'stopped', 'failed', 'done'))
) with (fillfactor = 70);

-- Two never work on the same.
create unique index jobs_operations_open on jobs_operations (kind, key) where state <> 'done';
create index jobs_operations_ended on jobs_operations (ended_at) where state in ('done', 'failed');

create table jobs_schedules (
  name text primary key,
  started_at timestamptz not null,
  -- null while it runs
  ended_at timestamptz,
  -- of the last run that ended
  duration_ms integer,
  -- of the last run that failed, until one succeeds
  error text,
  -- failed runs in a row
  failures integer not null
) with (fillfactor = 50);
