-- Invite codes, who came by them, and the credit that is earned so.

create table growth_codes (
  organization_id text collate "C" primary key,
  code text not null,
  created_at timestamptz not null,
  constraint growth_codes_code_once unique (code),
  constraint growth_codes_form check (code ~ '^[A-HJ-NP-Z2-9]{8}$')
);

create table growth_referrals (
  id text collate "C" primary key,
  inviter_id text collate "C" not null references growth_codes (organization_id),
  invited_id text collate "C" not null,
  -- who signed up: shown masked
  invited_user_id text not null,
  -- as they were when the invited signed up
  rules jsonb not null,
  state text not null,
  reason text,
  -- nano-units of the usage currency: what the invited had paid and kept when it was last looked at
  paid bigint not null default 0,
  signed_up_at timestamptz not null,
  -- when a pending one is to be looked at again, whatever happens
  due_at timestamptz,
  earned_at timestamptz,
  changed_at timestamptz not null,
  -- somebody is invited once
  constraint growth_referrals_invited_once unique (invited_id),
  constraint growth_referrals_not_oneself check (inviter_id <> invited_id),
  constraint growth_referrals_state check (state in ('pending', 'earned', 'refused', 'clawed_back')),
  constraint growth_referrals_due check ((state = 'pending') = (due_at is not null)),
  constraint growth_referrals_earned check ((state in ('earned', 'clawed_back')) = (earned_at is not null)),
  constraint growth_referrals_reason check (state not in ('refused', 'clawed_back') or reason is not null)
);

create index growth_referrals_of_inviter on growth_referrals (inviter_id, id);
create index growth_referrals_due on growth_referrals (due_at)
where state = 'pending';

-- A side of a referral is rewarded once.
create table growth_rewards (
  referral_id text collate "C" not null references growth_referrals (id),
  side text not null,
  organization_id text collate "C" not null,
  grant_id text not null,
  amount bigint not null,
  taken_back bigint not null default 0,
  currency text not null,
  given_at timestamptz not null,
  expires_at timestamptz not null,
  primary key (referral_id, side),
  constraint growth_rewards_side check (side in ('inviter', 'invited')),
  constraint growth_rewards_amounts check (amount > 0 and taken_back between 0 and amount),
  constraint growth_rewards_grant_once unique (grant_id)
);

-- What the invited has paid, at the rate of that day: nano-units of the usage currency.
create table growth_payments (
  payment_id text collate "C" primary key,
  organization_id text collate "C" not null,
  amount bigint not null,
  paid_at timestamptz not null,
  constraint growth_payments_amount check (amount > 0)
);

create index growth_payments_of_organization on growth_payments (organization_id);

-- Somebody should look at what the invited has earned: rows are only added, and removed by whoever has looked.
create table growth_pending (
  id text collate "C" primary key,
  organization_id text collate "C" not null
);

create index growth_pending_by_organization on growth_pending (organization_id, id);
