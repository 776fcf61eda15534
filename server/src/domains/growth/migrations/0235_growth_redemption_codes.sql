-- Codes that operators make in batches, and the credit that was given for them.

create table growth_code_batches (
  id text collate "C" primary key,
  name text not null,
  -- nano-units of each code
  amount bigint not null,
  currency text not null,
  priority integer not null,
  credit_expires_in_days integer,
  expires_at timestamptz,
  max_redemptions_per_organization integer not null,
  created_at timestamptz not null,
  constraint growth_code_batches_amount check (amount > 0),
  constraint growth_code_batches_days check (credit_expires_in_days > 0),
  constraint growth_code_batches_limit check (max_redemptions_per_organization > 0)
);

-- Whoever reads this table cannot redeem: it holds hashes of what has 100 random bits.
create table growth_redemption_codes (
  hash text collate "C" primary key,
  batch_id text collate "C" not null references growth_code_batches (id),
  state text not null default 'unused',
  constraint growth_redemption_codes_hash check (hash ~ '^[0-9a-f]{64}$'),
  constraint growth_redemption_codes_state check (state in ('unused', 'redeemed', 'void'))
);

create index growth_redemption_codes_of_batch on growth_redemption_codes (batch_id, state);

-- A code gives credit once.
create table growth_code_redemptions (
  id text collate "C" primary key,
  hash text collate "C" not null references growth_redemption_codes (hash),
  batch_id text collate "C" not null references growth_code_batches (id),
  organization_id text collate "C" not null,
  grant_id text not null,
  redeemed_at timestamptz not null,
  constraint growth_code_redemptions_once unique (hash),
  constraint growth_code_redemptions_grant_once unique (grant_id)
);

create index growth_code_redemptions_of_batch on growth_code_redemptions (batch_id, id);
create index growth_code_redemptions_of_organization
on growth_code_redemptions (organization_id, batch_id);
