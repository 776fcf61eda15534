-- What went from account to account on each day, up to the last hour that is over: reports read these few rows instead of
-- every transfer, and any day can be added up again from the transfers and compared. Days are the deployment's, by when
-- transfers were booked.

-- Grants and allowances of all customers are one account each.
create function ledger_account_of_all(account text) returns text
language sql
immutable
parallel safe
as $$
  select case
    when account like 'grant:%' then 'grant'
    when account like 'allowance:%' then 'allowance'
    else account
  end
$$;

create table ledger_sums_daily (
  starts_at timestamptz not null,
  currency text collate "C" not null,
  debit text collate "C" not null,
  credit text collate "C" not null,
  kind text collate "C" not null,
  -- what is behind it: the prefix of its id
  source text collate "C" not null,
  transfers bigint not null,
  -- of all customers, so that it may be more than a bigint holds
  amount numeric(38) not null,
  constraint ledger_sums_daily_key primary key (starts_at, currency, debit, credit, kind, source)
);

-- What was earned of each customer, less what was taken back, from the beginning to the end of each month: two of these are
-- enough for any time between. A month begins with all customers there were before. The latest changes by the hour, and is
-- read by its key alone once it was vacuumed: hence often.
create table ledger_revenue_to_date (
  -- its first instant
  month timestamptz not null,
  organization_id text collate "C" not null,
  currency text collate "C" not null,
  amount bigint not null,
  -- with the amount, so that a hundred thousand of them are read in the order of customers
  constraint ledger_revenue_to_date_key primary key (month, organization_id, currency) include (amount)
) with (autovacuum_vacuum_scale_factor = 0.02);

-- How far both go: one row.
create table ledger_sums_kept (
  is_kept boolean primary key,
  until timestamptz not null,
  -- where the day begins in the sums that is not over yet
  day timestamptz not null,
  constraint ledger_sums_kept_one check (is_kept)
);
