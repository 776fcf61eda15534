-- What signatures, digests and the audit log's seals are derived from. It is sealed itself, so that the key that seals
-- can be changed while they stay valid.

create table platform_roots (
  id text primary key,
  sealed_root text not null,
  constraint platform_roots_one check (id = 'root')
);
