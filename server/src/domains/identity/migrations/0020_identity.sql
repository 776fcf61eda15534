-- People, their organizations, and the keys that machines use.

create table identity_users (
  id text primary key,
  email text not null,
  email_verified_at timestamptz,
  name text,
  username text,
  locale text not null,
  platform_role text not null,
  status text not null,
  password_hash text not null,
  invite_code text,
  created_at timestamptz not null,
  constraint identity_users_email_lower check (email = lower(email)),
  constraint identity_users_locale check (locale in ('en', 'zh-CN')),
  constraint identity_users_platform_role check (platform_role in ('user', 'operator', 'admin')),
  constraint identity_users_status check (status in ('active', 'suspended'))
);

create unique index identity_users_email on identity_users (email);
create unique index identity_users_username on identity_users (lower(username));

create table identity_organizations (
  id text primary key,
  name text not null,
  -- the person whose own organization it is, if it is one
  personal_user_id text references identity_users (id),
  status text not null,
  time_zone text not null,
  created_at timestamptz not null,
  constraint identity_organizations_status check (status in ('active', 'past_due', 'suspended'))
);

create unique index identity_organizations_personal on identity_organizations (personal_user_id);

create table identity_members (
  organization_id text not null references identity_organizations (id),
  user_id text not null references identity_users (id),
  role text not null,
  created_at timestamptz not null,
  primary key (user_id, organization_id),
  constraint identity_members_role check (role in ('owner', 'admin', 'billing', 'member'))
);

create index identity_members_organization on identity_members (organization_id, user_id);

create table identity_api_keys (
  id text primary key,
  organization_id text not null references identity_organizations (id),
  created_by text not null,
  name text not null,
  -- SHA-256 of a secret of 256 random bits; the secret itself is kept nowhere
  secret_hash text not null,
  prefix text not null,
  allowed_models text[],
  expires_at timestamptz,
  last_used_at timestamptz,
  created_at timestamptz not null,
  revoked_at timestamptz,
  constraint identity_api_keys_secret unique (secret_hash)
) with (fillfactor = 80);

create index identity_api_keys_organization on identity_api_keys (organization_id, id desc);
