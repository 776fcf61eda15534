-- How people sign in: sessions with rotating refresh tokens, mailed links, attempts, and the keys that sign access tokens.

create table identity_sessions (
  id text primary key,
  user_id text not null references identity_users (id),
  ip text,
  user_agent text,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz,
  end_reason text,
  constraint identity_sessions_end check ((ended_at is null) = (end_reason is null)),
  constraint identity_sessions_end_reason check (end_reason in ('logout', 'reuse', 'password_reset', 'suspended'))
);

create index identity_sessions_user on identity_sessions (user_id) where ended_at is null;
create index identity_sessions_expiry on identity_sessions (expires_at);

-- The tokens of a session are its family: each is used once, for the next.
create table identity_refresh_tokens (
  hash text primary key,
  session_id text not null references identity_sessions (id) on delete cascade,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz
);

create index identity_refresh_tokens_session on identity_refresh_tokens (session_id);

create table identity_links (
  hash text primary key,
  user_id text not null references identity_users (id),
  purpose text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  constraint identity_links_purpose check (purpose in ('verify_email', 'reset_password'))
);

create index identity_links_user on identity_links (user_id, purpose, created_at desc);
create index identity_links_expiry on identity_links (expires_at);

-- Failed sign-ins by account and by address; a subject is kept as a hash, for it may be a mistyped password.
create table identity_login_attempts (
  subject text primary key,
  failures integer not null,
  last_failed_at timestamptz not null,
  constraint identity_login_attempts_failures check (failures >= 0)
);

create index identity_login_attempts_age on identity_login_attempts (last_failed_at);

create table identity_signing_keys (
  id text primary key,
  public_jwk jsonb not null,
  sealed_private_key text not null,
  is_current boolean not null,
  created_at timestamptz not null
);

create unique index identity_signing_keys_current on identity_signing_keys (is_current) where is_current;
