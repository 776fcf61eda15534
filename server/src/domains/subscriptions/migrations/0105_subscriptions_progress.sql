-- What the use of a period that still runs was invoiced at, because it had reached the threshold.
create table subscriptions_progress (
  subscription_id text not null references subscriptions_subscriptions (id),
  period_from timestamptz not null,
  -- use before that instant
  invoiced_to timestamptz not null,
  plan_id text not null,
  plan_version integer not null,
  currency text not null,
  -- of each charge in the version's order, in minor units
  amounts bigint[] not null,
  primary key (subscription_id, period_from),
  constraint subscriptions_progress_forward check (period_from < invoiced_to)
);

create index subscriptions_subscriptions_running on subscriptions_subscriptions (id)
where status in ('active', 'past_due', 'canceled') and awaiting is null;
