-- What happened and whom it is told, by which way, each once.

create table notices_notices (
  id text collate "C" primary key,
  happening_id text not null,
  organization_id text collate "C" not null,
  -- whom alone it is about
  user_id text,
  name text not null,
  data jsonb not null,
  -- business time
  occurred_at timestamptz not null,
  -- wall time, from here on
  heard_at timestamptz not null,
  -- null: whom it is told is still to be decided
  told_at timestamptz,
  constraint notices_notices_once unique (happening_id)
);

create index notices_notices_untold on notices_notices (heard_at) where told_at is null;
create index notices_notices_of_user on notices_notices (user_id) where user_id is not null;

create table notices_tellings (
  id text collate "C" primary key,
  notice_id text collate "C" not null references notices_notices (id) on delete cascade,
  organization_id text collate "C" not null,
  channel text not null,
  -- who: a user's id, a destination's id, or the hash of a mail address
  recipient text not null,
  -- of a member
  user_id text,
  status text not null,
  attempts integer not null default 0,
  due_at timestamptz,
  detail text,
  -- of a mail: the message that carries it
  message_id text,
  created_at timestamptz not null,
  finished_at timestamptz,
  read_at timestamptz,
  constraint notices_tellings_once unique (notice_id, channel, recipient),
  constraint notices_tellings_channel check (channel in ('app', 'mail', 'telegram', 'wecom')),
  constraint notices_tellings_status check (status in ('queued', 'sending', 'sent', 'skipped', 'unclear')),
  constraint notices_tellings_due check ((status in ('queued', 'sending')) = (due_at is not null)),
  constraint notices_tellings_finished check ((status in ('queued', 'sending')) = (finished_at is null))
);

create index notices_tellings_due on notices_tellings (due_at, id) where due_at is not null;
create index notices_tellings_in_app on notices_tellings (user_id, organization_id, id) where channel = 'app';
create index notices_tellings_unread on notices_tellings (user_id, organization_id)
where channel = 'app' and read_at is null;
create index notices_tellings_of_organization on notices_tellings (organization_id, id);
create index notices_tellings_old on notices_tellings (created_at);

create table notices_destinations (
  id text collate "C" primary key,
  organization_id text collate "C" not null,
  channel text not null,
  name text not null,
  locale text not null,
  -- the chat's id, or the robot's key; null while it waits for its chat
  sealed_address text,
  -- of the code that its chat sends to be connected
  sealed_code text,
  code_hash text,
  code_expires_at timestamptz,
  created_by text,
  created_at timestamptz not null,
  tested_at timestamptz,
  constraint notices_destinations_channel check (channel in ('telegram', 'wecom')),
  constraint notices_destinations_locale check (locale in ('en', 'zh-CN')),
  constraint notices_destinations_waiting check ((sealed_address is null) = (code_hash is not null)),
  constraint notices_destinations_code unique (code_hash)
);

create index notices_destinations_of_organization on notices_destinations (organization_id, id);

-- Up to where the bot's news was read; one row, whose lock lets one process read at a time.
create table notices_telegram (
  one boolean primary key default true,
  next_update bigint not null default 0,
  constraint notices_telegram_one check (one)
);

insert into notices_telegram (one) values (true);
