-- Prices that are published as links: whoever opens one buys without an account.

create table subscriptions_price_links (
  link text primary key,
  name text not null,
  package_id text,
  plan_id text,
  cycle text,
  currency text,
  status text not null,
  sold integer not null default 0,
  created_at timestamptz not null,
  constraint subscriptions_price_links_form check (link ~ '^pl_[0-9a-z]{26}$'),
  constraint subscriptions_price_links_one check ((package_id is null) <> (plan_id is null)),
  constraint subscriptions_price_links_cycle check (cycle is null or plan_id is not null),
  constraint subscriptions_price_links_status check (status in ('active', 'archived'))
);

create index subscriptions_price_links_newest on subscriptions_price_links (created_at, link);
