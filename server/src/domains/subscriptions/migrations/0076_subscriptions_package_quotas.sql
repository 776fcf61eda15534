-- The quotas that a package was sold with, as the catalog keeps them.

alter table subscriptions_organization_packages add column quotas jsonb not null default '[]';
