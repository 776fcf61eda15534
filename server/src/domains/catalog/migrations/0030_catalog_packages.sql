-- Packages: what a customer buys for a number of days, with an allowance for each.

create table catalog_packages (
  id text primary key,
  name text not null,
  description text,
  price_minor bigint not null,
  currency text not null,
  duration_days integer not null,
  -- nano-units of the deployment's usage currency
  daily_limit bigint not null,
  sort_order integer not null default 0,
  status text not null default 'active',
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint catalog_packages_price_not_negative check (price_minor >= 0),
  constraint catalog_packages_duration check (duration_days between 1 and 3660),
  constraint catalog_packages_daily_limit_positive check (daily_limit > 0),
  constraint catalog_packages_status check (status in ('active', 'archived'))
);

create index catalog_packages_order on catalog_packages (sort_order, id);
