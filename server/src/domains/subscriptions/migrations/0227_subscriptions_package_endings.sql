-- That a customer was told of a package's end ahead of it. Those that end within days have been, or are soon over.

alter table subscriptions_organization_packages add column ending_told_at timestamptz;

create index subscriptions_organization_packages_untold on subscriptions_organization_packages (ends_at)
where status = 'active' and ending_told_at is null;
