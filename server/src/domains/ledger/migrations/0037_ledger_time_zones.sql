-- The row that every writer of an organization's funds and counters takes also says whose days they are counted in.

alter table ledger_organizations add column time_zone text not null default 'UTC';

update ledger_organizations f
set time_zone = o.time_zone
from identity_organizations o
where o.id = f.organization_id;
