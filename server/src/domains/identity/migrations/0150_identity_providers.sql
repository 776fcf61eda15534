-- Who proves people to us besides their password: the company's directory, and identity providers, either the
-- deployment's or those of one organization for the mail domains that it has proven to own.

create table identity_providers (
  id text primary key,
  kind text not null,
  -- whose people it signs in; null: the deployment's
  organization_id text references identity_organizations (id),
  name text not null,
  enabled boolean not null,
  settings jsonb not null,
  -- password of the directory's reader, or the client secret
  sealed_secret text,
  -- an organization's own: what newcomers become there, and whether its people may come in otherwise
  default_role text,
  is_required boolean not null default false,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint identity_providers_kind check (kind in ('ldap', 'oidc', 'saml')),
  constraint identity_providers_directory check (kind <> 'ldap' or organization_id is null),
  constraint identity_providers_default_role check (
    (organization_id is null) = (default_role is null) and default_role in ('admin', 'billing', 'member')
  ),
  constraint identity_providers_required check (organization_id is not null or not is_required)
);

create unique index identity_providers_one_directory on identity_providers (kind) where kind = 'ldap';
create unique index identity_providers_organization on identity_providers (organization_id)
  where organization_id is not null;

-- Somebody as a provider knows them, by an id that outlives a new name or address there.
create table identity_external_identities (
  id text primary key,
  provider_id text not null references identity_providers (id) on delete cascade,
  subject text not null,
  user_id text not null references identity_users (id) on delete cascade,
  email text,
  -- the provider made the account, and keeps its name and address in step
  is_home boolean not null,
  -- what its groups gave: only that is taken away with them
  granted_platform_role text,
  created_at timestamptz not null,
  last_used_at timestamptz not null,
  constraint identity_external_identities_subject unique (provider_id, subject),
  constraint identity_external_identities_user unique (user_id, provider_id),
  constraint identity_external_identities_role check (granted_platform_role in ('operator', 'admin'))
);

create table identity_granted_memberships (
  identity_id text not null references identity_external_identities (id) on delete cascade,
  organization_id text not null references identity_organizations (id),
  role text not null,
  primary key (identity_id, organization_id)
);

create index identity_granted_memberships_organization on identity_granted_memberships (organization_id);

-- Mail domains that organizations name as theirs; one is proven by a text record in its own DNS.
create table identity_sso_domains (
  organization_id text not null references identity_organizations (id),
  domain text not null,
  token text not null,
  created_at timestamptz not null,
  proven_at timestamptz,
  primary key (organization_id, domain),
  constraint identity_sso_domains_lower check (domain = lower(domain))
);

create unique index identity_sso_domains_proven on identity_sso_domains (domain) where proven_at is not null;

-- One way to a provider and back, in one browser.
create table identity_sso_flows (
  -- of what travels through the provider
  state_hash text primary key,
  provider_id text not null references identity_providers (id) on delete cascade,
  -- of the cookie of the browser that set out
  browser_hash text not null,
  sealed_proof text not null,
  return_path text not null,
  -- who wants the provider's word added to their account; null: somebody signs in
  linking_user_id text references identity_users (id) on delete cascade,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  -- the provider's answer is taken once, and used once
  received_at timestamptz,
  sealed_person text,
  finished_at timestamptz
);

create index identity_sso_flows_expiry on identity_sso_flows (expires_at);

-- The deployment's directory: set up in the console or, over that, by LDAP_URL.
insert into identity_providers (id, kind, name, enabled, settings, created_at, updated_at)
values ('ldap', 'ldap', 'LDAP', false, '{}', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z');
