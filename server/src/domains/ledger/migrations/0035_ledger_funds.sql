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

-- No index here holds a column that changes with a call: updates stay within their page (HOT).
create table ledger_buckets (
  id text collate "C" primary key,
  organization_id text collate "C" not null references ledger_organizations (organization_id),
  kind text not null,
  currency text not null,
  available bigint not null default 0,
  held bigint not null default 0,
  -- the waterfall spends in the order of rank, priority, spend_before, id
  rank smallint not null generated always as (
    case kind when 'allowance' then 0 when 'grant' then 1 else 2 end
  ) stored,
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
  account text not null generated always as (
    case kind when 'wallet' then 'wallet' else kind || ':' || id end
  ) stored,
  constraint ledger_buckets_kind check (kind in ('wallet', 'grant', 'allowance')),
  constraint ledger_buckets_available_not_negative check (available >= 0),
  constraint ledger_buckets_held_not_negative check (held >= 0),
  constraint ledger_buckets_window check (opens_at < closes_at and pause_from <= pause_until),
  constraint ledger_buckets_allowance check (
    (kind = 'allowance') = (organization_package_id is not null and day is not null)
  )
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
