-- A source may give one limit until an instant and another from then on: what was paid for within a running period, and
-- the plan's own afterwards.

alter table entitlements_quota_sources
  drop constraint entitlements_quota_sources_pkey,
  add primary key (quota_id, source, source_id, starts_at);
