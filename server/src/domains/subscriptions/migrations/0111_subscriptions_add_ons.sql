-- What is had on top of a plan: each with its own terms, in the periods of the subscription.

alter table subscriptions_subscriptions
  add column add_ons jsonb not null default '[]';
