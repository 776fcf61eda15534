-- Subscriptions to plans: what was agreed, the period that runs, and what is due when.

create table subscriptions_subscriptions (
  id text collate "C" primary key,
  organization_id text not null,
  status text not null,
  plan_id text not null,
  plan_version integer not null,
  -- what was agreed, with fractions as "numerator/denominator" of minor units
  terms jsonb not null,
  -- the terms of the next period, where they differ
  pending jsonb,
  anchor_at timestamptz not null,
  time_zone text not null,
  period_from timestamptz not null,
  period_to timestamptz not null,
  trial_ends_at timestamptz,
  cancel_at timestamptz,
  paid text not null,
  granted jsonb not null,
  held jsonb,
  -- what each invoice is discounted by, and for how many more; null: all
  coupon_code text,
  discount jsonb,
  discounted_invoices_left integer,
  -- what renewals are collected from; null: a pay link by mail
  provider text,
  latest_invoice_id text,
  -- an invoice that is still to be collected
  collecting_invoice_id text,
  -- a change that is made when its invoice is paid: {invoice, kind, from, state}
  awaiting jsonb,
  -- since when something is owed, how many steps of dunning were taken, and whether one took the plan away
  overdue_since timestamptz,
  dunning_taken integer not null default 0,
  is_suspended boolean not null default false,
  -- the end of the period of whose end the customer was told
  noticed_for timestamptz,
  -- when a run has something to do; null: never
  due_at timestamptz,
  started_at timestamptz not null,
  ended_at timestamptz,
  updated_at timestamptz not null,
  constraint subscriptions_subscriptions_status check (
    status in ('incomplete', 'trialing', 'active', 'past_due', 'paused', 'canceled', 'expired')
  ),
  constraint subscriptions_subscriptions_period check (period_from < period_to),
  constraint subscriptions_subscriptions_overdue check ((status = 'past_due') <= (overdue_since is not null)),
  constraint subscriptions_subscriptions_ended check ((status = 'expired') = (ended_at is not null)),
  constraint subscriptions_subscriptions_discount check ((coupon_code is null) = (discount is null))
);

-- An organization has one subscription at a time.
create unique index subscriptions_subscriptions_one_live on subscriptions_subscriptions (organization_id)
where status <> 'expired';

create index subscriptions_subscriptions_due on subscriptions_subscriptions (due_at, id) where due_at is not null;

create index subscriptions_subscriptions_of_organization on subscriptions_subscriptions (organization_id, id);

create index subscriptions_subscriptions_of_plan on subscriptions_subscriptions (plan_id, plan_version)
where status <> 'expired';

-- What happened to a subscription, in order.
create table subscriptions_changes (
  id text collate "C" primary key,
  subscription_id text not null references subscriptions_subscriptions (id),
  kind text not null,
  invoice_id text,
  credit_note_id text,
  occurred_at timestamptz not null
);

create index subscriptions_changes_of_subscription on subscriptions_changes (subscription_id, id);
