-- What of organizations' usage stood out of their own past, and up to when that was looked at.

create table alerts_usage (
  id text collate "C" primary key,
  organization_id text collate "C" not null,
  measure text not null,
  -- how long what stands out is
  span text not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  -- nano-units of the usage currency, or calls
  value bigint not null,
  expected bigint not null,
  raised_at timestamptz not null,
  -- an hour or day is told of once, however often it is looked at
  constraint alerts_usage_once unique (organization_id, span, starts_at),
  constraint alerts_usage_measure check (measure in ('cost', 'calls')),
  constraint alerts_usage_span check (span in ('hour', 'day'))
);

create index alerts_usage_of_organization on alerts_usage (organization_id, id);

create table alerts_watched (
  span text primary key,
  until timestamptz not null,
  constraint alerts_watched_span check (span in ('hour', 'day'))
);
