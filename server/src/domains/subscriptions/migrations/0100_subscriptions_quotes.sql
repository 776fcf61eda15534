-- Quotes: a private plan that one organization is offered until an instant, and what became of it.

create table subscriptions_quotes (
  id text collate "C" primary key,
  organization_id text not null,
  status text not null,
  -- as the operator wrote it: name, message, price, quantity, charges, quotas, features, models, rates
  terms jsonb not null,
  -- the plan and its price as they are shown, with the meters' names and units
  shown jsonb not null,
  -- billing cycles before which the customer cannot end it; null: none
  term_cycles integer,
  valid_until timestamptz not null,
  decline_reason text,
  -- once it was accepted
  subscription_id text references subscriptions_subscriptions (id),
  committed_until timestamptz,
  created_at timestamptz not null,
  sent_at timestamptz,
  closed_at timestamptz,
  constraint subscriptions_quotes_status check (
    status in ('draft', 'sent', 'accepted', 'declined', 'expired', 'withdrawn')
  ),
  constraint subscriptions_quotes_accepted check ((status = 'accepted') = (subscription_id is not null)),
  constraint subscriptions_quotes_closed check ((status in ('draft', 'sent')) = (closed_at is null)),
  constraint subscriptions_quotes_term check (term_cycles > 0)
);

create index subscriptions_quotes_of_organization on subscriptions_quotes (organization_id, id);

create unique index subscriptions_quotes_of_subscription on subscriptions_quotes (subscription_id)
where subscription_id is not null;

create index subscriptions_quotes_expiring on subscriptions_quotes (valid_until) where status = 'sent';
