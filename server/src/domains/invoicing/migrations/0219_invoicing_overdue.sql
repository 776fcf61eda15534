-- Who has paid late before: invoices that were ever overdue are few.

create index invoicing_invoices_were_overdue on invoicing_invoices (overdue_at)
include (organization_id, currency, status)
where overdue_at is not null;

create index invoicing_invoices_written_off on invoicing_invoices (written_off_at)
where written_off_at is not null;
