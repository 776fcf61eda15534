-- Keys that were moved here from another system keep their secrets: where that one kept salted hashes, so do we, and say
-- with which salt. `sha256` is our own way.

create table identity_key_salts (
  id text collate "C" primary key,
  -- how secrets of this kind begin: nothing else is hashed with the salt
  prefix text not null,
  sealed_salt text not null,
  created_at timestamptz not null
);

alter table identity_api_keys
  add column hash_scheme text not null default 'sha256',
  -- of the secret from before the last rotation
  add column previous_hash_scheme text not null default 'sha256',
  -- it may call models and nothing else, as where it came from: its holder's permissions are not its own
  add column calls_only boolean not null default false,
  add constraint identity_api_keys_hash_scheme check (
    hash_scheme = 'sha256' or hash_scheme like 'sha256_salted:%'
  );
