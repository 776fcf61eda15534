-- What the last looks at the ledger found, for the metric that every process shows.

create table access_verifications (
  id text primary key,
  verified_at timestamptz not null,
  problems integer not null,
  transfers bigint not null,
  constraint access_verifications_counts check (problems >= 0 and transfers >= 0)
);
