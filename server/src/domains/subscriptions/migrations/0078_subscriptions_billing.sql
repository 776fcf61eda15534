-- Parts of invoices that are earned day by day.
create table subscriptions_deliveries (
  invoice_id text not null,
  line integer not null,
  organization_id text not null,
  subscription_id text not null,
  currency text not null,
  amount_minor bigint not null,
  starts_at timestamptz not null,
  days integer not null,
  time_zone text not null,
  recognized_days integer not null default 0,
  recognized_minor bigint not null default 0,
  next_recognition_at timestamptz,
  primary key (invoice_id, line),
  constraint subscriptions_deliveries_recognized check (
    recognized_days between 0 and days and abs(recognized_minor) <= abs(amount_minor)
  )
);

create index subscriptions_deliveries_recognizing on subscriptions_deliveries (next_recognition_at, invoice_id, line)
where next_recognition_at is not null;

-- Passes over what was due.
create table subscriptions_billing_runs (
  id text collate "C" primary key,
  status text not null,
  due_until timestamptz not null,
  renewed integer not null default 0,
  expired integer not null default 0,
  dunned integer not null default 0,
  failed integer not null default 0,
  started_at timestamptz not null,
  completed_at timestamptz,
  constraint subscriptions_billing_runs_status check (status in ('running', 'completed'))
);
