-- Applications are the products that ask for access or report usage; their services use keys of their own, and may name
-- customers by ids of their own.

create table identity_applications (
  id text primary key,
  slug text not null,
  name text not null,
  description text,
  status text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint identity_applications_slug_form check (slug ~ '^[a-z][a-z0-9-]{1,39}$' and slug <> 'gateway'),
  constraint identity_applications_status check (status in ('active', 'archived'))
);

create unique index identity_applications_slug on identity_applications (slug);

create table identity_application_keys (
  id text primary key,
  application_id text not null references identity_applications (id),
  created_by text not null,
  name text not null,
  -- SHA-256 of a secret of 256 random bits; the secret itself is kept nowhere
  secret_hash text not null,
  prefix text not null,
  last_used_at timestamptz,
  created_at timestamptz not null,
  revoked_at timestamptz,
  constraint identity_application_keys_secret unique (secret_hash)
) with (fillfactor = 80);

create index identity_application_keys_application on identity_application_keys (application_id, id desc);

-- What an application calls its customers: an organization, and a person in it where that is known.
create table identity_subjects (
  application_id text not null references identity_applications (id),
  external_id text not null,
  organization_id text not null references identity_organizations (id),
  user_id text references identity_users (id),
  created_at timestamptz not null,
  primary key (application_id, external_id)
);

create index identity_subjects_organization on identity_subjects (organization_id);

alter table identity_api_keys
  add column application_id text references identity_applications (id),
  add column ip_allowlist text[],
  add column requests_per_minute integer,
  add column tokens_per_minute bigint,
  add column concurrency integer,
  -- nano-units of the usage currency
  add column spend_cap_day bigint,
  add column spend_cap_month bigint,
  add column spend_cap_total bigint,
  add column tags text[] not null default '{}',
  -- after a rotation the old secret works on for a while
  add column previous_secret_hash text,
  add column previous_expires_at timestamptz,
  add constraint identity_api_keys_limits check (
    requests_per_minute > 0 and tokens_per_minute > 0 and concurrency > 0
  ),
  add constraint identity_api_keys_caps check (
    spend_cap_day >= 0 and spend_cap_month >= 0 and spend_cap_total >= 0
  ),
  add constraint identity_api_keys_rotation check (
    (previous_secret_hash is null) = (previous_expires_at is null)
  );

create unique index identity_api_keys_previous_secret on identity_api_keys (previous_secret_hash)
where previous_secret_hash is not null;
