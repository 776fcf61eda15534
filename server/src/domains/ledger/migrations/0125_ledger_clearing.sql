-- Reconciliation reads what a day moved at a provider; nearly all other transfers are usage and stay out of this index.

create index ledger_transfers_clearing on ledger_transfers (id)
where debit like 'clearing:%' or credit like 'clearing:%';
