-- Invitations to an organization, by mail. The link's token is kept as a hash only; a role that is gone by then is found
-- out when somebody accepts.

create table identity_invitations (
  id text primary key,
  organization_id text not null references identity_organizations (id),
  email text not null,
  role text not null,
  role_id text,
  token_hash text not null,
  invited_by text not null references identity_users (id),
  created_at timestamptz not null,
  -- wall time, as the link's life is
  sent_at timestamptz not null,
  expires_at timestamptz not null,
  accepted_at timestamptz,
  accepted_by text references identity_users (id),
  revoked_at timestamptz,
  constraint identity_invitations_token unique (token_hash),
  constraint identity_invitations_email_lower check (email = lower(email)),
  constraint identity_invitations_role check (role in ('owner', 'admin', 'billing', 'member', 'custom')),
  constraint identity_invitations_custom check ((role = 'custom') = (role_id is not null)),
  constraint identity_invitations_accepted check ((accepted_at is null) = (accepted_by is null)),
  constraint identity_invitations_end check (accepted_at is null or revoked_at is null)
);

-- One address is invited once at a time.
create unique index identity_invitations_open on identity_invitations (organization_id, email)
where accepted_at is null and revoked_at is null;

create index identity_invitations_list on identity_invitations (organization_id, id desc);
create index identity_invitations_email on identity_invitations (email);
