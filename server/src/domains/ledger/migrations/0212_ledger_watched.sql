-- What customers were told of their funds: a wallet that runs low, once until it is filled again, and an allowance that is
-- nearly or wholly used, once each.

create table ledger_watched_wallets (
  organization_id text collate "C" primary key references ledger_organizations (organization_id),
  -- below which it is low, in nano-units of the usage currency; null: the usual
  threshold bigint,
  -- it had as much since it was last told of
  is_armed boolean not null,
  updated_at timestamptz not null,
  constraint ledger_watched_wallets_threshold check (threshold >= 0)
);

create index ledger_watched_wallets_armed on ledger_watched_wallets (organization_id) where is_armed;

create table ledger_watched_allowances (
  bucket_id text collate "C" primary key references ledger_buckets (id),
  is_used_up boolean not null,
  told_at timestamptz not null
);

create index ledger_watched_allowances_old on ledger_watched_allowances (told_at);
