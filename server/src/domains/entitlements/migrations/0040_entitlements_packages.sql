-- Packages that give an organization an allowance per day; the allowances themselves are buckets of the ledger.

create table entitlements_packages (
  organization_package_id text collate "C" primary key,
  organization_id text collate "C" not null,
  package_id text not null,
  name text not null,
  daily_limit bigint not null,
  currency text not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  duration_days integer not null,
  -- the zone it was sold in: its days are counted from there, whatever zone comes later
  time_zone text not null,
  constraint entitlements_packages_daily_limit_positive check (daily_limit > 0),
  constraint entitlements_packages_duration_positive check (duration_days > 0),
  constraint entitlements_packages_period check (starts_at < ends_at)
);

create index entitlements_packages_by_organization
on entitlements_packages (organization_id, ends_at);
