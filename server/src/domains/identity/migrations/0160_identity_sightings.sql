-- Where people were seen when they signed up and signed in. An address or a device is kept as a keyed hash: it can be
-- compared with another one, and read by nobody.

create table identity_sightings (
  user_id text not null references identity_users (id) on delete cascade,
  kind text not null,
  mark text collate "C" not null,
  first_seen_at timestamptz not null,
  last_seen_at timestamptz not null,
  primary key (user_id, kind, mark),
  constraint identity_sightings_kind check (kind in ('address', 'device'))
);

create index identity_sightings_by_mark on identity_sightings (kind, mark, last_seen_at);
create index identity_sightings_by_age on identity_sightings (last_seen_at);
