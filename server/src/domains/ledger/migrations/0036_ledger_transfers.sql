-- Every movement, append-only: one account is debited and another credited, so all accounts sum to zero.
-- Partitioned by the time inside the id; a call's transfers carry the call's own time.

create table ledger_transfers (
  id text collate "C" not null,
  organization_id text collate "C" not null,
  debit text not null,
  credit text not null,
  amount bigint not null,
  currency text not null,
  kind text not null,
  reference text not null,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  constraint ledger_transfers_key primary key (id),
  constraint ledger_transfers_moves check (amount > 0 and debit <> credit)
) partition by range (id);

-- Where a month's partition is missing; months are made ahead, so it stays empty.
create table ledger_transfers_default partition of ledger_transfers default;

create index ledger_transfers_wallet on ledger_transfers (organization_id, id)
where debit = 'wallet' or credit = 'wallet';

create function ledger_refuse_change() returns trigger
language plpgsql
as $$
begin
  raise exception 'transfers are append-only: correct one with another transfer';
end
$$;

create trigger ledger_transfers_append_only
before update or delete on ledger_transfers
for each row execute function ledger_refuse_change();

create trigger ledger_transfers_no_truncate
before truncate on ledger_transfers
for each statement execute function ledger_refuse_change();
