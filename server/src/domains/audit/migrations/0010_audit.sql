-- Who did what to which record: one chain of entries per organization, and one of the deployment's own.

create table audit_entries (
  id text primary key,
  chain text not null,
  position bigint not null,
  organization_id text,
  actor_kind text not null,
  actor_id text,
  action text not null,
  resource_kind text not null,
  resource_id text not null,
  old_values jsonb,
  new_values jsonb,
  ip text,
  user_agent text,
  request_id text not null,
  created_at timestamptz not null,
  previous_hash text not null,
  hash text not null,
  constraint audit_entries_chain_position unique (chain, position),
  constraint audit_entries_chain check (chain = coalesce(organization_id, 'deployment')),
  constraint audit_entries_position check (position > 0)
);

create index audit_entries_organization on audit_entries (organization_id, id desc);

-- One row per chain: how many entries it has, and the hash of the last. Writers take it last of all locks.
create table audit_heads (
  chain text primary key,
  entries bigint not null,
  hash text not null,
  seal text not null,
  constraint audit_heads_entries check (entries >= 0)
);

create function audit_refuse_change() returns trigger
language plpgsql as $$
begin
  raise exception 'the audit log is append-only: % on % is refused', tg_op, tg_table_name;
end;
$$;

create trigger audit_entries_append_only
before update or delete on audit_entries
for each row execute function audit_refuse_change();

create trigger audit_entries_no_truncate
before truncate on audit_entries
for each statement execute function audit_refuse_change();

create trigger audit_heads_stay
before delete on audit_heads
for each row execute function audit_refuse_change();

create trigger audit_heads_no_truncate
before truncate on audit_heads
for each statement execute function audit_refuse_change();
