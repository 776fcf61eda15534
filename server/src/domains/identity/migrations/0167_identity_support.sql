-- Since when and why somebody is suspended, and support that a customer lets in.

alter table identity_users
  add column suspended_at timestamptz,
  add column suspended_reason text;

alter table identity_organizations
  add column suspended_at timestamptz,
  add column suspended_reason text;

-- A customer's consent that operators act in their organization, for a time.
create table identity_support_accesses (
  id text primary key,
  organization_id text not null references identity_organizations (id),
  scope text not null,
  granted_by text not null references identity_users (id),
  note text,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  revoked_at timestamptz,
  revoked_by text references identity_users (id),
  constraint identity_support_accesses_scope check (scope in ('read', 'full')),
  constraint identity_support_accesses_revoked check ((revoked_at is null) = (revoked_by is null))
);

create index identity_support_accesses_of_organization on identity_support_accesses (organization_id, id desc);

-- An operator's use of one: it goes with the sign-in it was begun in, and has no token of its own.
create table identity_support_sessions (
  id text primary key,
  access_id text not null references identity_support_accesses (id),
  organization_id text not null references identity_organizations (id),
  session_id text not null references identity_sessions (id) on delete cascade,
  user_id text not null references identity_users (id),
  reason text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz
);

create unique index identity_support_sessions_open on identity_support_sessions (session_id, organization_id)
where ended_at is null;
create index identity_support_sessions_of_organization on identity_support_sessions (organization_id, id desc);
