-- Months that left the database for files, and what notes of the chains' heads were given outside.

-- One row for each archived month: the manifest beside its file, and its place in the chain of manifests.
create table audit_archives (
  month text primary key,
  manifest jsonb not null,
  hash text not null,
  archived_at timestamptz not null,
  constraint audit_archives_month check (month ~ '^[0-9]{4}-[0-9]{2}$')
);

-- Where the rest of a chain begins: the last entry of it that was archived.
create table audit_starts (
  chain text collate "C" primary key,
  position bigint not null,
  hash text not null,
  seal text not null,
  constraint audit_starts_position check (position > 0)
);

-- A person's parts in archive files are sealed with a key of their own: without it they are as good as erased.
create table audit_person_keys (
  user_id text primary key,
  sealed_key text not null,
  chains text[] not null
);

-- Notes of all heads, numbered and chained; also written to a file outside.
create table audit_anchors (
  number bigint primary key,
  at timestamptz not null,
  chains bigint not null,
  entries bigint not null,
  root text not null,
  previous text not null,
  seal text not null,
  constraint audit_anchors_number check (number > 0)
);

-- The heads that an anchor notes: those that had grown since the one before.
create table audit_anchor_heads (
  anchor bigint not null references audit_anchors (number),
  chain text collate "C" not null,
  entries bigint not null,
  hash text not null,
  constraint audit_anchor_heads_once primary key (chain, entries)
);

create index audit_anchor_heads_anchor on audit_anchor_heads (anchor, chain);

create trigger audit_anchors_append_only
before update or delete on audit_anchors
for each row execute function audit_refuse_change();

create trigger audit_anchors_no_truncate
before truncate on audit_anchors
for each statement execute function audit_refuse_change();

create trigger audit_anchor_heads_append_only
before update or delete on audit_anchor_heads
for each row execute function audit_refuse_change();

create trigger audit_anchor_heads_no_truncate
before truncate on audit_anchor_heads
for each statement execute function audit_refuse_change();

create trigger audit_archives_append_only
before update or delete on audit_archives
for each row execute function audit_refuse_change();

create trigger audit_archives_no_truncate
before truncate on audit_archives
for each statement execute function audit_refuse_change();
