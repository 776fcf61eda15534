-- The log by months. What tells of a person stands in two parts that can be erased; the hash keeps their digests.

drop trigger audit_entries_append_only on audit_entries;
drop trigger audit_entries_no_truncate on audit_entries;
alter table audit_entries rename to audit_entries_whole;

create table audit_entries (
  id text collate "C" not null,
  chain text collate "C" not null,
  position bigint not null,
  organization_id text collate "C",
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
  -- How the hash is taken: 1 over the values themselves, 2 over digests of the parts.
  version smallint not null default 1,
  -- A part without its salt was erased.
  origin_salt text,
  origin_digest text,
  values_salt text,
  values_digest text,
  -- Of an entry of version 1 that lost a part: a keyed hash over what is left.
  rest_seal text,
  previous_hash text not null,
  hash text not null,
  constraint audit_entries_by_id primary key (id),
  constraint audit_entries_chain check (chain = coalesce(organization_id, 'deployment')),
  constraint audit_entries_position check (position > 0),
  constraint audit_entries_digests check (
    version = 1 or (origin_digest is not null and values_digest is not null)
  )
) partition by range (id);

-- Where a month's partition is missing; months are made ahead, so it stays empty.
create table audit_entries_default partition of audit_entries default;

-- The smallest id at an instant: the time in milliseconds, ten digits of base 32.
create function pg_temp.audit_bound(at timestamptz) returns text
language sql immutable as $$
  select 'aud_' || string_agg(
    substr('0123456789abcdefghjkmnpqrstvwxyz', ((extract(epoch from at) * 1000)::bigint >> (5 * digit) & 31)::int + 1, 1),
    '' order by digit desc
  )
  from generate_series(0, 9) as digit
$$;

do $$
declare
  month timestamp;
begin
  for month in
    select distinct date_trunc('month', created_at at time zone 'UTC')
    from audit_entries_whole
    order by 1
  loop
    execute format(
      'create table %I partition of audit_entries for values from (%L) to (%L)',
      'audit_entries_' || to_char(month, 'YYYY_MM'),
      pg_temp.audit_bound(month at time zone 'UTC'),
      pg_temp.audit_bound((month + interval '1 month') at time zone 'UTC')
    );
  end loop;
end;
$$;

-- Before the indexes, so that what is there is sorted once.
insert into audit_entries (
  id, chain, position, organization_id, actor_kind, actor_id, action, resource_kind, resource_id, old_values,
  new_values, ip, user_agent, request_id, created_at, previous_hash, hash
)
select id, chain, position, organization_id, actor_kind, actor_id, action, resource_kind, resource_id, old_values,
  new_values, ip, user_agent, request_id, created_at, previous_hash, hash
from audit_entries_whole
order by id;

drop table audit_entries_whole;

create index audit_entries_place on audit_entries (chain, position);
create index audit_entries_organization on audit_entries (organization_id, id desc);

-- Whatever the log is filtered by, in one index: the rows that two rare facets share are found without reading others.
create index audit_entries_facets on audit_entries using gin ((array[
  'o:' || organization_id,
  'a:' || actor_id,
  'c:' || actor_kind,
  'x:' || action,
  'n:' || split_part(action, '.', 1),
  'k:' || resource_kind,
  'r:' || resource_id,
  'i:' || ip,
  'q:' || request_id
])) with (fastupdate = off);

-- The one change that an entry bears: a part that tells of a person goes, for good, and nothing else with it.
create function audit_allow_erasure() returns trigger
language plpgsql as $$
declare
  parts text[] := array['old_values', 'new_values', 'ip', 'user_agent'];
  salts text[] := array['origin_salt', 'values_salt'];
  seals text[] := array['origin_digest', 'values_digest', 'rest_seal'];
  before jsonb := to_jsonb(old);
  after jsonb := to_jsonb(new);
  is_allowed boolean := before - parts - salts - seals = after - parts - salts - seals;
  name text;
begin
  foreach name in array parts loop
    is_allowed := is_allowed and (after ->> name is null or after -> name = before -> name);
  end loop;
  foreach name in array seals loop
    is_allowed := is_allowed and (before ->> name is null or after -> name = before -> name);
  end loop;
  if not is_allowed then
    raise exception 'the audit log is append-only: % on % is refused', tg_op, tg_table_name;
  end if;
  return new;
end;
$$;

create trigger audit_entries_erase_only
before update on audit_entries
for each row execute function audit_allow_erasure();

create trigger audit_entries_append_only
before delete on audit_entries
for each row execute function audit_refuse_change();

create trigger audit_entries_no_truncate
before truncate on audit_entries
for each statement execute function audit_refuse_change();
