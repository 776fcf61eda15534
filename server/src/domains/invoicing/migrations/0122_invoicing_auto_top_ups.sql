-- Wallets that refill themselves: what was agreed, and each refill.

create table invoicing_auto_top_ups (
  organization_id text primary key,
  enabled boolean not null,
  -- nano-units of the wallet's currency
  below bigint not null,
  amount_minor bigint not null,
  monthly_limit_minor bigint not null,
  currency text not null,
  method_id text not null,
  -- why and when it switched itself off; null once it is set again
  off_reason text,
  off_at timestamptz,
  updated_at timestamptz not null,
  constraint invoicing_auto_top_ups_amounts check (
    below >= 0 and amount_minor > 0 and monthly_limit_minor >= amount_minor
  ),
  constraint invoicing_auto_top_ups_off check (
    (off_reason is null) = (off_at is null) and (off_reason is null or not enabled)
  )
);

create index invoicing_auto_top_ups_enabled on invoicing_auto_top_ups (organization_id)
where enabled;

create table invoicing_auto_top_up_refills (
  invoice_id text primary key,
  organization_id text not null,
  amount_minor bigint not null,
  currency text not null,
  status text not null,
  started_at timestamptz not null,
  constraint invoicing_auto_top_up_refills_status check (status in ('under_way', 'paid', 'failed'))
);

-- One at a time: a second one would answer the same fall of the balance.
create unique index invoicing_auto_top_up_refills_one on invoicing_auto_top_up_refills (organization_id)
where status = 'under_way';
create index invoicing_auto_top_up_refills_of_organization on invoicing_auto_top_up_refills (
  organization_id, started_at
);
