-- What may be used within windows that run, where a change came in the middle of one.

alter table subscriptions_subscriptions
  add column granted_windows jsonb not null default '[]';
