-- Passkeys, and the challenges that they sign: each is ours, for five minutes, and for one answer.

create table identity_passkeys (
  id text primary key,
  user_id text not null references identity_users (id),
  -- base 64 for URLs, as browsers write it
  credential_id text not null,
  public_key bytea not null,
  -- of its signatures; a copy of the key falls behind. Synced ones stay at 0.
  counter bigint not null,
  transports text[] not null,
  name text not null,
  is_synced boolean not null,
  created_at timestamptz not null,
  last_used_at timestamptz,
  constraint identity_passkeys_credential unique (credential_id),
  constraint identity_passkeys_counter check (counter >= 0)
);

create index identity_passkeys_user on identity_passkeys (user_id, id);

create table identity_passkey_challenges (
  hash text primary key,
  -- who makes a passkey; null: somebody signs in, and we do not know who
  user_id text references identity_users (id),
  expires_at timestamptz not null
);

create index identity_passkey_challenges_expiry on identity_passkey_challenges (expires_at);
