-- What organizations have bought: a package with the terms of its sale, which later changes of the package never touch.

create table subscriptions_organization_packages (
  id text primary key,
  organization_id text not null,
  package_id text not null,
  name text not null,
  price_minor bigint not null,
  currency text not null,
  duration_days integer not null,
  -- nano-units of the usage currency
  daily_limit bigint not null,
  usage_currency text not null,
  invoice_id text not null,
  status text not null,
  -- the zone in which its days were counted when it began
  time_zone text,
  created_at timestamptz not null,
  starts_at timestamptz,
  ends_at timestamptz,
  -- how much of the price has been earned, and when the next day's share is
  recognized_days integer not null default 0,
  recognized_minor bigint not null default 0,
  next_recognition_at timestamptz,
  constraint subscriptions_organization_packages_invoice_once unique (invoice_id),
  constraint subscriptions_organization_packages_status check (
    status in ('pending', 'active', 'lapsed', 'canceled')
  ),
  constraint subscriptions_organization_packages_begun check (
    (status in ('active', 'lapsed')) = (num_nonnulls(starts_at, ends_at, time_zone) = 3)
  ),
  constraint subscriptions_organization_packages_recognized check (
    recognized_days between 0 and duration_days and recognized_minor between 0 and price_minor
  )
);

create index subscriptions_organization_packages_of_organization
on subscriptions_organization_packages (organization_id, id);

create index subscriptions_organization_packages_ending
on subscriptions_organization_packages (ends_at, id)
where status = 'active';

create index subscriptions_organization_packages_recognizing
on subscriptions_organization_packages (next_recognition_at, id)
where next_recognition_at is not null;

-- What costs nothing is had once at a time.
create unique index subscriptions_organization_packages_one_free
on subscriptions_organization_packages (organization_id, package_id)
where price_minor = 0 and status in ('pending', 'active');
