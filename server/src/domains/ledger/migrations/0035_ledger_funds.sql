-- Funds: one mutex row per organization, and the buckets that hold what may be spent.

create table ledger_organizations (
  organization_id text collate "C" primary key,
  currency text not null,
  -- owed for calls that no bucket could pay in full; the next authorize collects it
  shortfall bigint not null default 0,
  constraint ledger_organizations_shortfall_not_negative check (shortfall >= 0)
) with (
  fillfactor = 50,
  autovacuum_vacuum_scale_factor = 0,
  autovacuum_vacuum_threshold = 2000,
  autovacuum_vacuum_cost_delay = 0
);

-- Every call updates its buckets twice, so: no index holds a column that changes with a call (updates stay within their
-- page), and there is one short check and no generated column, because PostgreSQL parses those anew for every statement
-- (an eighth of the hot path, measured). What is checked elsewhere is checked where buckets are opened and moved.
create type ledger_bucket_kind as enum ('allowance', 'grant', 'wallet');

create table ledger_buckets (
  id text collate "C" primary key,
  organization_id text collate "C" not null references ledger_organizations (organization_id),
  kind ledger_bucket_kind not null,
  -- its account in the ledger: `wallet`, `grant:<id>`, `allowance:<id>`
  account text not null,
  currency text not null,
  available bigint not null default 0,
  held bigint not null default 0,
  -- the waterfall spends in the order of kind, priority, spend_before, id
  priority integer not null default 0,
  spend_before timestamptz not null default 'infinity',
  -- spendable by calls that begin within [opens_at, closes_at) but not within [pause_from, pause_until)
  opens_at timestamptz not null default '-infinity',
  closes_at timestamptz not null default 'infinity',
  pause_from timestamptz not null default 'infinity',
  pause_until timestamptz not null default 'infinity',
  organization_package_id text collate "C",
  -- which of the package's days it is, from 0
  day integer,
  constraint ledger_buckets_not_negative check (available >= 0 and held >= 0)
) with (
  fillfactor = 50,
  autovacuum_vacuum_scale_factor = 0,
  autovacuum_vacuum_threshold = 2000,
  autovacuum_vacuum_cost_delay = 0
);

create index ledger_buckets_live on ledger_buckets (organization_id, closes_at, opens_at);
create unique index ledger_buckets_one_wallet on ledger_buckets (organization_id, currency)
where kind = 'wallet';
create unique index ledger_buckets_one_per_day on ledger_buckets (organization_package_id, day)
where kind = 'allowance';
