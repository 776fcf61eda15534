-- Consolidated invoices: what an operator writes for a customer waits for the next invoice of its subscription.
alter table invoicing_billing_details
add column is_consolidated boolean not null default false;

create index invoicing_invoices_waiting on invoicing_invoices (organization_id, currency, id)
where status = 'draft' and draft ->> 'isWaiting' = 'true';
