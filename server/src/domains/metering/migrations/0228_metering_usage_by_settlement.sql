-- outside a transaction: nobody waits for it, however many calls there are.

-- Calls are written in the order of this instant, so that a small index finds a day of them.
create index concurrently if not exists metering_usage_by_settlement on metering_usage
using brin (settled_at) with (pages_per_range = 32, autosummarize = on);
