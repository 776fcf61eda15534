-- Custom roles: named sets of permissions. An organization's role and the deployment's are different things, and what is
-- called the same in both allows different things; so they are two tables.

create table identity_roles (
  id text primary key,
  organization_id text not null references identity_organizations (id),
  name text not null,
  permissions text[] not null,
  created_at timestamptz not null,
  unique (organization_id, id)
);

create unique index identity_roles_name on identity_roles (organization_id, lower(name));

create table identity_platform_roles (
  id text primary key,
  name text not null,
  permissions text[] not null,
  created_at timestamptz not null
);

create unique index identity_platform_roles_name on identity_platform_roles (lower(name));

-- The pair of columns keeps a member from a role of another organization, and a role that somebody has from removal.
alter table identity_members
  add column role_id text,
  drop constraint identity_members_role,
  add constraint identity_members_role check (role in ('owner', 'admin', 'billing', 'member', 'custom')),
  add constraint identity_members_custom check ((role = 'custom') = (role_id is not null)),
  add constraint identity_members_role_id foreign key (organization_id, role_id)
    references identity_roles (organization_id, id);

create index identity_members_role_id on identity_members (role_id) where role_id is not null;

alter table identity_users
  add column platform_role_id text references identity_platform_roles (id),
  drop constraint identity_users_platform_role,
  add constraint identity_users_platform_role check (platform_role in ('user', 'operator', 'admin', 'custom')),
  add constraint identity_users_custom check ((platform_role = 'custom') = (platform_role_id is not null));

create index identity_users_operators on identity_users (platform_role) where platform_role <> 'user';
