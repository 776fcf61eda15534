-- The link by which anybody can pay an invoice; one for each, made when it is first asked for.

create table invoicing_pay_links (
  link text primary key,
  invoice_id text not null references invoicing_invoices (id),
  created_at timestamptz not null,
  constraint invoicing_pay_links_once unique (invoice_id),
  constraint invoicing_pay_links_form check (link ~ '^il_[0-9a-z]{26}$')
);
