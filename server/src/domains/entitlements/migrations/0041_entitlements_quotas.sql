-- What an organization may use of each meter within a window. A quota is what access reads; its sources say why.

-- The plan's terms as they were when it was given.
create table entitlements_plans (
  organization_id text primary key,
  plan_id text not null,
  slug text not null,
  name text not null,
  version integer not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null default 'infinity',
  -- from which the windows are counted that do not follow the calendar
  anchor_at timestamptz not null,
  features jsonb not null,
  models text[] not null,
  requests_per_minute integer,
  tokens_per_minute bigint,
  concurrency integer,
  on_short_funds text not null,
  constraint entitlements_plans_on_short_funds check (on_short_funds in ('reject', 'cap'))
);

-- Features that an operator gave, or took, whatever the plan says.
create table entitlements_features (
  organization_id text not null,
  feature text not null,
  value jsonb not null,
  primary key (organization_id, feature)
);

create table entitlements_quotas (
  id text collate "C" primary key,
  organization_id text collate "C" not null,
  -- whose use counts: everybody's, a member's, or a key's
  subject_kind text not null,
  subject_id text collate "C" not null,
  meter_id text collate "C" not null,
  aggregation text not null,
  is_level boolean not null,
  "window" text not null,
  -- business time from which windows are counted; null: the calendar's
  anchor_at timestamptz,
  -- the zone in which the window that is open was cut; a new one counts from the next reset
  time_zone text not null,
  -- in the meter's smallest parts, from all sources in force; null: unlimited
  limit_amount bigint,
  is_hard boolean not null,
  -- false while none of its sources is in force: it limits nothing and allows nothing, but counts on
  is_in_force boolean not null,
  -- a source begins or ends here: the limit is to be made anew
  changes_at timestamptz not null default 'infinity',
  created_at timestamptz not null,
  constraint entitlements_quotas_subject check (subject_kind in ('organization', 'member', 'api_key')),
  constraint entitlements_quotas_window check (
    "window" in ('minute', 'hour', 'day', 'month', 'year', 'lifetime')
  ),
  constraint entitlements_quotas_anchor check (anchor_at is null or "window" in ('day', 'month', 'year')),
  constraint entitlements_quotas_level check (not is_level or "window" = 'lifetime'),
  constraint entitlements_quotas_limit check (limit_amount >= 0)
) with (fillfactor = 70);

create unique index entitlements_quotas_once
on entitlements_quotas (organization_id, subject_kind, subject_id, meter_id, "window", anchor_at) nulls not distinct;

create table entitlements_quota_sources (
  quota_id text collate "C" not null references entitlements_quotas (id),
  -- an override stands alone; whatever else is in force adds up
  source text not null,
  source_id text not null,
  limit_amount bigint,
  is_hard boolean not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null default 'infinity',
  primary key (quota_id, source, source_id),
  constraint entitlements_quota_sources_source check (source in ('plan', 'package', 'override', 'api_key')),
  constraint entitlements_quota_sources_period check (starts_at < ends_at),
  constraint entitlements_quota_sources_limit check (limit_amount >= 0)
);

create index entitlements_quota_sources_by_source on entitlements_quota_sources (source, source_id);
