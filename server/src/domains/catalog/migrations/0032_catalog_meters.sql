-- Meters say what is counted and how; plans and packages give quotas on them.

create table catalog_meters (
  id text collate "C" primary key,
  -- null: the deployment's own, which count calls of models whoever relays them
  application_id text,
  -- never changes, and is part of the name by which plans and requests know the meter
  application_slug text,
  key text not null,
  name text not null,
  aggregation text not null,
  -- the smallest part that is counted: 1, a token, a byte, a nano-unit of the usage currency
  unit text not null,
  -- a flow is used up within windows; a level, such as storage, stands until it changes
  kind text not null,
  -- whose distinct values `unique` counts: the name of an event's property
  property text,
  -- without a quota nothing may be used
  requires_quota boolean not null,
  status text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint catalog_meters_key_form check (key ~ '^[a-z][a-z0-9_]{0,39}$'),
  constraint catalog_meters_aggregation check (
    aggregation in ('count', 'sum', 'max', 'unique', 'latest', 'weighted_sum')
  ),
  constraint catalog_meters_unit check (unit in ('count', 'tokens', 'gb', 'money')),
  constraint catalog_meters_kind check (kind in ('flow', 'level')),
  constraint catalog_meters_property check ((property is not null) = (aggregation = 'unique')),
  constraint catalog_meters_status check (status in ('active', 'archived'))
);

create unique index catalog_meters_key on catalog_meters (application_id, key) nulls not distinct;

insert into catalog_meters (
  id, application_id, key, name, aggregation, unit, kind, requires_quota, status, created_at, updated_at
)
values
  ('mtr_requests', null, 'requests', 'Requests', 'count', 'count', 'flow', false, 'active', 'epoch', 'epoch'),
  ('mtr_tokens', null, 'tokens', 'Tokens', 'sum', 'tokens', 'flow', false, 'active', 'epoch', 'epoch'),
  ('mtr_cost', null, 'cost', 'Cost', 'sum', 'money', 'flow', false, 'active', 'epoch', 'epoch');

create table catalog_features (
  id text primary key,
  application_id text,
  application_slug text,
  key text not null,
  name text not null,
  kind text not null,
  status text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint catalog_features_key_form check (key ~ '^[a-z][a-z0-9_]{0,39}$'),
  constraint catalog_features_kind check (kind in ('boolean', 'number', 'text')),
  constraint catalog_features_status check (status in ('active', 'archived'))
);

create unique index catalog_features_key on catalog_features (application_id, key) nulls not distinct;

create table catalog_plans (
  id text primary key,
  slug text not null,
  name text not null,
  description text,
  application_id text,
  application_slug text,
  -- counts the changes of what it gives; who has it keeps the version that was given
  version integer not null,
  -- [{meter, reference, unit, window, anchor, limit, hard}]: the meter's id and what never changes of it, the limit in
  -- its smallest parts as decimal text
  quotas jsonb not null,
  -- feature's reference -> value
  features jsonb not null,
  models text[] not null,
  requests_per_minute integer,
  tokens_per_minute bigint,
  concurrency integer,
  on_short_funds text not null,
  sort_order integer not null default 0,
  status text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint catalog_plans_slug_form check (slug ~ '^[a-z][a-z0-9-]{0,59}$'),
  constraint catalog_plans_rates check (requests_per_minute > 0 and tokens_per_minute > 0 and concurrency > 0),
  constraint catalog_plans_on_short_funds check (on_short_funds in ('reject', 'cap')),
  constraint catalog_plans_status check (status in ('active', 'archived'))
);

create unique index catalog_plans_slug on catalog_plans (slug);

alter table catalog_packages add column quotas jsonb not null default '[]';
