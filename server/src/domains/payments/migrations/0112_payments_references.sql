-- What providers call an order, by which means it is paid, whether the method is to be kept, and why it was declined.

alter table payments_attempts
  add column reference text,
  add column means text,
  add column saves_method boolean not null default false,
  add column decline_code text,
  -- what the provider says that it is under way with: no term ends it
  add column is_processing boolean not null default false;
