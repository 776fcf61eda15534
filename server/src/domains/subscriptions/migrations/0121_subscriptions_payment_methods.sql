-- The stored payment method that renewals are charged to, where that was agreed.

alter table subscriptions_subscriptions
  add column payment_method_id text;
