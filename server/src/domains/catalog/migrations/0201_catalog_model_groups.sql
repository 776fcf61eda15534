-- Groups of models and what their prices are multiplied by, in millionths. What a group says from an instant on is a
-- version that never changes, so that a call's multiplier can be told again from when it began.

create table catalog_model_groups (
  id text primary key,
  slug text not null,
  name text not null,
  created_at timestamptz not null,
  constraint catalog_model_groups_slug unique (slug)
);

create table catalog_model_group_versions (
  id text primary key,
  group_id text not null references catalog_model_groups (id),
  -- names, or beginnings with * behind them
  models text[] not null,
  multiplier_millionths bigint not null,
  effective_from timestamptz not null,
  created_at timestamptz not null,
  constraint catalog_model_group_versions_multiplier check (multiplier_millionths between 1 and 1000000000)
);

create index catalog_model_group_versions_by_group on catalog_model_group_versions (group_id);

create trigger catalog_model_group_versions_immutable
  before update or delete on catalog_model_group_versions
  for each row execute function catalog_refuse_price_change();

-- What one organization's prices are multiplied by instead; null: by the group's again.
create table catalog_organization_multipliers (
  id text primary key,
  organization_id text collate "C" not null,
  group_id text not null references catalog_model_groups (id),
  multiplier_millionths bigint,
  effective_from timestamptz not null,
  created_at timestamptz not null,
  constraint catalog_organization_multipliers_range check (multiplier_millionths between 1 and 1000000000)
);

create index catalog_organization_multipliers_by_organization
  on catalog_organization_multipliers (organization_id, group_id);
create index catalog_organization_multipliers_by_group
  on catalog_organization_multipliers (group_id, organization_id);

create trigger catalog_organization_multipliers_immutable
  before update or delete on catalog_organization_multipliers
  for each row execute function catalog_refuse_price_change();
