-- What an organization asks of the sessions of its members, and whom it has told of what. No row: nothing, and those
-- whose role is about it.

create table identity_security_settings (
  organization_id text primary key references identity_organizations (id),
  require_second_factor boolean not null,
  -- null: any
  sign_in_methods text[],
  -- since the session began; null: to its end
  session_hours integer,
  -- null: from anywhere
  ip_allowlist text[],
  updated_at timestamptz not null,
  constraint identity_security_settings_methods check (
    sign_in_methods <@ array['password', 'passkey', 'ldap', 'oidc', 'saml'] and cardinality(sign_in_methods) > 0
  ),
  constraint identity_security_settings_hours check (session_hours > 0),
  constraint identity_security_settings_addresses check (cardinality(ip_allowlist) > 0)
);

create table identity_notification_rules (
  organization_id text not null references identity_organizations (id),
  event text not null,
  -- null: everyone whose role is about it
  user_ids text[],
  addresses text[] not null,
  updated_at timestamptz not null,
  primary key (organization_id, event)
);

-- An organization that was closed: nobody belongs to it, its books stay.
alter table identity_organizations add column closed_at timestamptz;
