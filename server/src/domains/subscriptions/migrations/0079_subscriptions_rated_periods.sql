-- What the use of a period was billed at: what is reported late is the difference.
create table subscriptions_rated_periods (
  subscription_id text not null references subscriptions_subscriptions (id),
  period_from timestamptz not null,
  period_to timestamptz not null,
  plan_id text not null,
  plan_version integer not null,
  currency text not null,
  -- of each charge in the version's order, exact, "numerator/denominator" of the currency's major unit
  amounts text[] not null,
  primary key (subscription_id, period_from),
  constraint subscriptions_rated_periods_length check (period_from < period_to)
);
