-- Credit notes take back an invoice, in part or whole; what was paid of it is credit, which later invoices use.

create table invoicing_credit_notes (
  id text primary key,
  number text,
  organization_id text not null,
  invoice_id text not null references invoicing_invoices (id),
  invoice_number text not null,
  currency text not null,
  reason text not null,
  seller jsonb not null,
  customer jsonb not null,
  lines jsonb not null,
  taxes jsonb not null,
  tax_minor bigint not null,
  is_tax_inclusive boolean not null,
  total_minor bigint not null,
  against_due_minor bigint not null,
  to_credit_minor bigint not null,
  remaining_minor bigint not null,
  issued_at timestamptz not null,
  constraint invoicing_credit_notes_number_once unique (number),
  constraint invoicing_credit_notes_figures check (
    total_minor > 0
    and tax_minor between 0 and total_minor
    and against_due_minor >= 0
    and total_minor = against_due_minor + to_credit_minor
  ),
  constraint invoicing_credit_notes_remaining check (remaining_minor between 0 and to_credit_minor)
);

create index invoicing_credit_notes_of_organization on invoicing_credit_notes (organization_id, id);
create index invoicing_credit_notes_of_invoice on invoicing_credit_notes (invoice_id, id);
create index invoicing_credit_notes_left on invoicing_credit_notes (organization_id, currency, id)
where remaining_minor > 0;

-- Which invoice used how much of which credit note; what a void invoice gave back is taken off again.
create table invoicing_credit_uses (
  invoice_id text not null references invoicing_invoices (id),
  credit_note_id text not null references invoicing_credit_notes (id),
  minor bigint not null,
  constraint invoicing_credit_uses_key primary key (invoice_id, credit_note_id),
  constraint invoicing_credit_uses_not_negative check (minor >= 0)
);
