-- Differences between the published prices and the price book that an operator does not want: each is known by the hash of
-- both its sides, so that it is shown again when either changes.

create table catalog_refused_updates (
  id text primary key,
  model text not null,
  refused_at timestamptz not null
);
