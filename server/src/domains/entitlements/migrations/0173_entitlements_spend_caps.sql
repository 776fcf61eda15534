-- Quotas of a cost center, and caps that an organization sets its own members and cost centers: a cap bounds what the other
-- sources give.

alter table entitlements_quotas
  drop constraint entitlements_quotas_subject,
  add constraint entitlements_quotas_subject check (
    subject_kind in ('organization', 'member', 'api_key', 'cost_center')
  );

alter table entitlements_quota_sources
  drop constraint entitlements_quota_sources_source,
  add constraint entitlements_quota_sources_source check (
    source in ('plan', 'package', 'override', 'api_key', 'overage', 'cap')
  );
