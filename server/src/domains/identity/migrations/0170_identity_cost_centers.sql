-- Cost centers: what an organization books its spending under. A key's own wins over its holder's.

create table identity_cost_centers (
  id text collate "C" primary key,
  organization_id text not null references identity_organizations (id),
  -- as the organization's own books call it
  code text not null,
  name text not null,
  created_at timestamptz not null,
  -- nothing more is assigned to it; what was stays
  archived_at timestamptz,
  constraint identity_cost_centers_of_organization unique (organization_id, id),
  constraint identity_cost_centers_code_form check (code ~ '^[A-Za-z0-9][A-Za-z0-9_.-]{0,39}$')
);

create unique index identity_cost_centers_code on identity_cost_centers (organization_id, lower(code));

alter table identity_members
  add column cost_center_id text collate "C",
  add constraint identity_members_cost_center
    foreign key (organization_id, cost_center_id) references identity_cost_centers (organization_id, id);

alter table identity_api_keys
  add column cost_center_id text collate "C",
  -- who holds it, where that is not who made it
  add column holder_id text references identity_users (id),
  add constraint identity_api_keys_cost_center
    foreign key (organization_id, cost_center_id) references identity_cost_centers (organization_id, id);

create index identity_members_by_cost_center on identity_members (cost_center_id) where cost_center_id is not null;
create index identity_api_keys_by_cost_center on identity_api_keys (cost_center_id) where cost_center_id is not null;
create index identity_api_keys_by_holder on identity_api_keys (organization_id, (coalesce(holder_id, created_by)), id desc);
