-- Resellers: organizations that earn a share of what the customers pay whom they bring. An operator sets the terms.

create table growth_resellers (
  organization_id text collate "C" primary key references growth_codes (organization_id),
  -- 100,000 is a tenth
  share_millionths integer not null,
  -- of signing up: for so long a customer's payments bring a share
  months integer not null,
  -- for so long a payment must stay
  waiting_days integer not null,
  status text not null,
  since timestamptz not null,
  constraint growth_resellers_share check (share_millionths between 1 and 500000),
  constraint growth_resellers_times check (months between 1 and 120 and waiting_days between 1 and 365),
  constraint growth_resellers_status check (status in ('active', 'ended'))
);

-- Who came by a reseller's code. Its row is the mutex of what the reseller earns by this customer.
create table growth_reseller_customers (
  customer_id text collate "C" primary key,
  reseller_id text collate "C" not null references growth_resellers (organization_id),
  -- who signed up: shown masked
  customer_user_id text not null,
  signed_up_at timestamptz not null,
  constraint growth_reseller_customers_not_oneself check (customer_id <> reseller_id)
);

create index growth_reseller_customers_of_reseller on growth_reseller_customers (reseller_id, customer_id);

-- The share of one payment, with the terms of its day. Amounts are nano-units of the usage currency.
create table growth_commissions (
  id text collate "C" primary key,
  payment_id text not null,
  reseller_id text collate "C" not null,
  customer_id text collate "C" not null references growth_reseller_customers (customer_id),
  -- at the rate of its day
  paid bigint not null,
  -- what of it was there still when it was last looked at
  kept bigint not null,
  share_millionths integer not null,
  state text not null,
  reason text,
  paid_at timestamptz not null,
  -- when a pending one is looked at
  due_at timestamptz,
  -- a payment brings one commission
  constraint growth_commissions_payment_once unique (payment_id),
  constraint growth_commissions_amounts check (paid > 0 and kept between 0 and paid),
  constraint growth_commissions_state check (state in ('pending', 'earned', 'refused', 'clawed_back')),
  constraint growth_commissions_due check ((state = 'pending') = (due_at is not null)),
  constraint growth_commissions_reason check (state not in ('refused', 'clawed_back') or reason is not null)
);

create index growth_commissions_of_reseller on growth_commissions (reseller_id, id);
create index growth_commissions_of_customer on growth_commissions (customer_id, id);
create index growth_commissions_due on growth_commissions (due_at)
where state = 'pending';

-- Credit that was given for a commission: mostly once; again where a payment came back after it had gone.
create table growth_commission_grants (
  commission_id text collate "C" not null references growth_commissions (id),
  number integer not null,
  grant_id text not null,
  amount bigint not null,
  taken_back bigint not null default 0,
  given_at timestamptz not null,
  primary key (commission_id, number),
  constraint growth_commission_grants_amounts check (amount > 0 and taken_back between 0 and amount),
  constraint growth_commission_grants_grant_once unique (grant_id)
);
