-- Calls of applications: a hold remembers what it reserved of which meters, and the ids that applications choose are
-- kept outside the partitions, with what is needed to settle.

alter table access_holds
  alter column model drop not null,
  alter column price_id drop not null,
  add column application_id text,
  add column user_id text,
  -- reserved of the deployment's own meters: 1 request, these tokens, and the cost that is held
  add column tokens bigint not null default 0,
  -- reserved of an application's meters
  add column meter_ids text[],
  add column quantities bigint[];

create table access_requests (
  application_id text collate "C" not null,
  external_id text collate "C" not null,
  request_id text collate "C" not null,
  organization_id text collate "C" not null,
  api_key_id text,
  user_id text,
  model text,
  price_id text,
  tags text[] not null default '{}',
  meter_ids text[] not null default '{}',
  -- business time
  authorized_at timestamptz not null,
  primary key (application_id, external_id),
  constraint access_requests_once unique (request_id)
);

create index access_requests_age on access_requests (authorized_at);
