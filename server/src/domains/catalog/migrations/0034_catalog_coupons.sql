-- Coupons, and every time that one was redeemed.

create table catalog_coupons (
  id text collate "C" primary key,
  -- in capitals
  code text not null unique,
  name text not null,
  -- one of the two: percent as decimal text, or an amount of one currency in its minor unit
  percent text,
  amount_minor bigint,
  currency text,
  duration text not null,
  -- invoices, where it repeats
  periods integer,
  redemptions_max integer,
  redemptions_per_organization_max integer,
  -- counted under the row's lock
  redemptions integer not null default 0,
  -- slugs; null: every plan
  plans text[],
  expires_at timestamptz,
  status text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint catalog_coupons_code_form check (code ~ '^[A-Z0-9][A-Z0-9_-]{2,39}$'),
  constraint catalog_coupons_discount check (
    num_nonnulls(percent, amount_minor) = 1 and (amount_minor is null) = (currency is null) and amount_minor > 0
  ),
  constraint catalog_coupons_duration check (duration in ('once', 'repeating', 'forever')),
  constraint catalog_coupons_periods check ((duration = 'repeating') = (periods is not null) and periods > 0),
  constraint catalog_coupons_redemptions check (redemptions >= 0 and redemptions <= redemptions_max),
  constraint catalog_coupons_status check (status in ('active', 'archived'))
);

create table catalog_coupon_redemptions (
  coupon_id text not null references catalog_coupons (id),
  organization_id text not null,
  -- what it was redeemed for, such as a subscription
  reference text not null,
  redeemed_at timestamptz not null,
  primary key (coupon_id, reference)
);

create index catalog_coupon_redemptions_of_organization
on catalog_coupon_redemptions (coupon_id, organization_id);
