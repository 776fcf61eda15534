-- What operators set while the service runs, by name.

create table settings_values (
  name text primary key,
  value jsonb not null,
  updated_at timestamptz not null
);
