-- Invoices of many lines with discounts, tax and credit; whoever sold and bought stands on them as they were.

alter table invoicing_invoices
alter column number drop not null,
add column billing_key text,
add column seller jsonb not null default '{"name": "Sluice", "taxId": null, "address": [], "country": null}',
add column customer jsonb not null
default '{"name": "", "taxId": null, "address": [], "country": null, "email": null, "locale": "en"}',
add column period_from timestamptz,
add column period_to timestamptz,
add column subtotal_minor bigint not null default 0,
add column discount_minor bigint not null default 0,
add column taxes jsonb not null default '[]',
add column tax_minor bigint not null default 0,
add column is_tax_inclusive boolean not null default false,
add column tax_treatment text not null default 'untaxed',
add column credit_applied_minor bigint not null default 0,
add column credited_minor bigint not null default 0,
add column credited_tax_minor bigint not null default 0,
add column credited_due_minor bigint not null default 0,
add column overdue_at timestamptz,
add column asked_at timestamptz,
add column written_off_at timestamptz,
drop constraint invoicing_invoices_kind,
drop constraint invoicing_invoices_status,
drop constraint invoicing_invoices_paid,
drop constraint invoicing_invoices_void;

update invoicing_invoices
set subtotal_minor = total_minor;

alter table invoicing_invoices
alter column seller drop default,
alter column customer drop default,
alter column subtotal_minor drop default,
add constraint invoicing_invoices_billed_once unique (billing_key),
add constraint invoicing_invoices_kind check (kind in ('top_up', 'package', 'subscription', 'manual')),
add constraint invoicing_invoices_status check (status in ('open', 'paid', 'void', 'uncollectible')),
add constraint invoicing_invoices_tax_treatment check (
  tax_treatment in ('taxed', 'untaxed', 'reverse_charge', 'exempt')
),
add constraint invoicing_invoices_period_whole check (num_nulls(period_from, period_to) in (0, 2)),
add constraint invoicing_invoices_paid check ((status = 'paid') = (paid_at is not null)),
add constraint invoicing_invoices_void check ((status = 'void') = (voided_at is not null)),
add constraint invoicing_invoices_written_off check (status <> 'uncollectible' or written_off_at is not null),
add constraint invoicing_invoices_figures check (
  total_minor = subtotal_minor - discount_minor + case when is_tax_inclusive then 0 else tax_minor end
  and discount_minor >= 0
  and tax_minor >= 0
),
add constraint invoicing_invoices_credit check (
  credit_applied_minor between 0 and total_minor
  and credited_minor between 0 and total_minor
  and credited_tax_minor between 0 and tax_minor
  and credited_due_minor between 0 and least(credited_minor, total_minor - credit_applied_minor)
);

-- A line says what it is for by a code with parameters; amounts are exact fractions of minor units, and as shown.
alter table invoicing_lines
drop constraint invoicing_lines_product,
add column kind text,
add column text jsonb,
add column details jsonb not null default '[]',
add column exact jsonb,
add column net_minor bigint,
add column tax_rate text,
add column is_discountable boolean not null default false,
add column period_from timestamptz,
add column period_to timestamptz;

update invoicing_lines l
set kind = i.kind,
  text = jsonb_build_object('code', 'free_text', 'params', jsonb_build_object('text', l.description)),
  exact = jsonb_build_object(
    'quantity', l.quantity::text || '/1', 'unit', l.unit_minor::text || '/1', 'amount', l.amount_minor::text || '/1'
  ),
  net_minor = l.amount_minor
from invoicing_invoices i
where i.id = l.invoice_id;

alter table invoicing_lines
alter column kind set not null,
alter column text set not null,
alter column exact set not null,
alter column net_minor set not null,
drop column description,
drop column quantity,
drop column unit_minor;

-- Each prefix has a series of its own in each year.
alter table invoicing_numbers
add column prefix text not null default 'INV',
drop constraint invoicing_numbers_pkey,
add constraint invoicing_numbers_key primary key (prefix, year);

alter table invoicing_numbers
alter column prefix drop default;
