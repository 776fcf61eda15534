-- Operators' rules over figures of the deployment, when they fired, and what is on its way to their webhooks.

create table alerts_rules (
  id text collate "C" primary key,
  -- null: called by what it watches
  name text,
  metric text not null,
  window_minutes integer not null,
  condition text not null,
  -- in the metric's smallest unit: hundredths of a percent, milliseconds, nano-units, or one
  threshold bigint,
  deviations integer,
  samples_min integer not null,
  enabled boolean not null,
  mails_operators boolean not null,
  mail_addresses text[] not null,
  -- {url, secret}, for this row only
  sealed_webhook text,
  -- the origin of its address, which is all that is shown
  webhook_origin text,
  webhook_signed boolean not null default false,
  quiet_minutes integer not null,
  silenced_until timestamptz,
  built_in boolean not null default false,
  -- what the last evaluation found
  evaluated_at timestamptz,
  value bigint,
  samples bigint,
  problem text,
  constraint alerts_rules_condition check (
    condition in ('above', 'below', 'unusually_high', 'unusually_low')
  ),
  constraint alerts_rules_compares check (
    case when condition in ('above', 'below') then threshold is not null else deviations is not null end
  ),
  constraint alerts_rules_window check (window_minutes > 0),
  constraint alerts_rules_webhook check ((sealed_webhook is null) = (webhook_origin is null))
);

create table alerts_firings (
  id text collate "C" primary key,
  -- no reference: history outlives its rule
  rule_id text collate "C" not null,
  name text,
  metric text not null,
  condition text not null,
  limit_value bigint not null,
  expected bigint,
  value bigint not null,
  worst bigint not null,
  fired_at timestamptz not null,
  told_at timestamptz,
  resolved_at timestamptz,
  resolved_value bigint,
  constraint alerts_firings_resolved check (resolved_value is null or resolved_at is not null)
);

-- A rule fires once until it is resolved, whoever evaluates it.
create unique index alerts_firings_open on alerts_firings (rule_id) where resolved_at is null;
create index alerts_firings_of_rule on alerts_firings (rule_id, id);

create table alerts_posts (
  id text collate "C" primary key,
  rule_id text collate "C" not null,
  -- sealed for this row only, and gone with what it says once it has ended
  sealed_message text,
  status text not null,
  attempts integer not null default 0,
  last_error text,
  created_at timestamptz not null,
  due_at timestamptz not null,
  finished_at timestamptz,
  constraint alerts_posts_status check (status in ('queued', 'sent', 'failed')),
  constraint alerts_posts_wiped check ((status = 'queued') = (sealed_message is not null)),
  constraint alerts_posts_finished check ((status = 'queued') = (finished_at is null))
);

create index alerts_posts_due on alerts_posts (due_at, id) where status = 'queued';

-- The four that every deployment begins with; they mail its operators.
insert into alerts_rules (
  id, metric, window_minutes, condition, threshold, deviations, samples_min, enabled, mails_operators, mail_addresses,
  quiet_minutes, built_in
)
values
  ('alr_payment_failures', 'payment_failure_rate', 60, 'above', 500, null, 20, true, true, '{}', 60, true),
  ('alr_quota_violations', 'quota_violations', 60, 'unusually_high', null, 8, 10, true, true, '{}', 60, true),
  ('alr_cancellations', 'cancellations', 1440, 'unusually_high', null, 6, 5, true, true, '{}', 720, true),
  ('alr_response_time', 'response_time_p95', 15, 'above', 2000, null, 50, true, true, '{}', 60, true);
