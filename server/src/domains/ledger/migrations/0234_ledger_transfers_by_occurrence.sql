-- outside a transaction: nobody waits for it, however many transfers there are.

-- Transfers are written in the order of this instant, so that a small index finds a day of them.
create index concurrently if not exists ledger_transfers_by_occurrence on ledger_transfers
using brin (occurred_at) with (pages_per_range = 32, autosummarize = on);
