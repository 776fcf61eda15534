-- What tells a payer again whoever they say they are, and for whom no payment is begun.

alter table payments_transactions
  -- keyed hash of the card's fingerprint or the payer's account; null where the provider says nothing of it
  add column payer text collate "C";

create index payments_transactions_by_payer on payments_transactions (payer)
where payer is not null;

-- No payment through a provider begins for these: put here and taken away by whoever judges risks.
create table payments_holds (
  organization_id text collate "C" primary key,
  since timestamptz not null
);
