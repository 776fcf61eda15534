-- Links by which an application lets its customer into the portal, and whom they are let in as: a guest of the
-- organization, who has no mailbox and no password.

alter table identity_users add column guest_of text references identity_organizations (id);
create unique index identity_users_guest on identity_users (guest_of) where guest_of is not null;

-- the only organization that the session is for; null: all of the person's
alter table identity_sessions add column organization_id text references identity_organizations (id);

create table identity_portal_links (
  hash text primary key,
  application_id text not null references identity_applications (id),
  organization_id text not null references identity_organizations (id),
  user_id text not null references identity_users (id),
  page text not null,
  return_url text,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz
);

create index identity_portal_links_expiry on identity_portal_links (expires_at);
