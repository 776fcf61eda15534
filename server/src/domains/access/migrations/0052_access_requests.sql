-- What a repeated authorize is answered from: the first stands. A refusal is not remembered: its id may be used anew.

alter table access_requests
  add column worst_case bigint not null default 0,
  add column minimum bigint not null default 0,
  add column tokens bigint not null default 0,
  -- in the order of meter_ids
  add column quantities bigint[] not null default '{}',
  -- business time; null: never refused, or asked again since
  add column refused_at timestamptz;
