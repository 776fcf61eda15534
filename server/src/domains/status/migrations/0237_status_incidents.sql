-- What operators tell of troubles, for everybody to read.

create table status_incidents (
  id text collate "C" primary key,
  title text not null,
  state text not null,
  impact text not null,
  -- empty: all of them
  models text[] not null,
  started_at timestamptz not null,
  -- null while it lasts
  resolved_at timestamptz,
  constraint status_incidents_state check (state in ('investigating', 'identified', 'monitoring', 'resolved')),
  constraint status_incidents_impact check (impact in ('degraded', 'outage')),
  constraint status_incidents_resolved check ((state = 'resolved') = (resolved_at is not null))
);

create index status_incidents_open on status_incidents (id) where resolved_at is null;

create table status_incident_updates (
  id text collate "C" primary key,
  incident_id text collate "C" not null references status_incidents (id),
  state text not null,
  text text not null,
  posted_at timestamptz not null
);

create index status_incident_updates_by_incident on status_incident_updates (incident_id, id);
