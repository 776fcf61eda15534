-- What was bought past a plan's limit adds to it until the window is over.

alter table entitlements_quota_sources drop constraint entitlements_quota_sources_source;
alter table entitlements_quota_sources add constraint entitlements_quota_sources_source
  check (source in ('plan', 'package', 'override', 'api_key', 'overage'));
