-- What operators search invoices by: over 100,000 of them a rare state or kind, or a day, took up to 50 ms without these.

create index invoicing_invoices_of_status on invoicing_invoices (status, id desc);
create index invoicing_invoices_of_kind on invoicing_invoices (kind, id desc);
create index invoicing_invoices_issued on invoicing_invoices (issued_at);
