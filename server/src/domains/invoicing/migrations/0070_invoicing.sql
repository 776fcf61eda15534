-- Invoices: every purchase is one.

-- The last number given in each year. A number is taken in the invoice's own transaction, so there are no gaps.
create table invoicing_numbers (
  year integer primary key,
  last bigint not null
);

create table invoicing_invoices (
  id text primary key,
  number text not null,
  organization_id text not null,
  kind text not null,
  -- what it is for: the organization package; the invoice itself for a top-up
  reference text not null,
  status text not null,
  currency text not null,
  total_minor bigint not null,
  -- in the wallet's currency, where the invoice's differs and the wallet is one side of it
  exchange_currency text,
  exchange_rate text,
  exchange_minor bigint,
  issued_at timestamptz not null,
  due_at timestamptz not null,
  paid_at timestamptz,
  voided_at timestamptz,
  constraint invoicing_invoices_number_once unique (number),
  constraint invoicing_invoices_kind check (kind in ('top_up', 'package')),
  constraint invoicing_invoices_status check (status in ('open', 'paid', 'void')),
  constraint invoicing_invoices_total_not_negative check (total_minor >= 0),
  constraint invoicing_invoices_exchange_whole check (
    num_nulls(exchange_currency, exchange_rate, exchange_minor) in (0, 3)
  ),
  constraint invoicing_invoices_paid check ((status = 'paid') = (paid_at is not null)),
  constraint invoicing_invoices_void check ((status = 'void') = (voided_at is not null))
);

create index invoicing_invoices_of_organization on invoicing_invoices (organization_id, id);
create index invoicing_invoices_due on invoicing_invoices (due_at, id)
where status = 'open';

create table invoicing_lines (
  invoice_id text not null references invoicing_invoices (id),
  position integer not null,
  description text not null,
  quantity integer not null,
  unit_minor bigint not null,
  amount_minor bigint not null,
  constraint invoicing_lines_key primary key (invoice_id, position),
  constraint invoicing_lines_product check (amount_minor = quantity * unit_minor)
);
