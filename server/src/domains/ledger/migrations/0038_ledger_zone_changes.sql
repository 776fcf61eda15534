-- Hours and days before this are those of zones that the organization has left.

alter table ledger_organizations add column time_zone_changed_at timestamptz not null default '-infinity';
