-- A second factor: the secret of a person's authenticator, the last of its codes that was accepted, and recovery codes.

create table identity_totp (
  user_id text primary key references identity_users (id),
  sealed_secret text not null,
  -- null until the first code proves that the authenticator holds the secret
  enabled_at timestamptz,
  -- of 30 seconds since 1970; only a later one is accepted next
  last_step bigint,
  created_at timestamptz not null
);

create table identity_recovery_codes (
  user_id text not null references identity_users (id),
  -- keyed with the deployment's secret: a code is short enough to be guessed from a plain hash
  hash text not null,
  created_at timestamptz not null,
  used_at timestamptz,
  primary key (user_id, hash)
);

-- Where a person signed in from, in sessions that ended too: a device is new that is not among them.
create index identity_sessions_devices
on identity_sessions (user_id, coalesce(ip, ''), coalesce(user_agent, ''));
