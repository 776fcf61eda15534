/** Invoices as their tables keep them: fractions as text, what is nested as JSON. */
import { invariant } from '../../platform/errors.ts';
import { type Ratio, ratio } from '../../platform/ratio.ts';
import type { InvoiceTax } from './core/compose.ts';
import type { DraftTerms, Invoice, InvoiceLine } from './core/invoice.ts';
import type { LinePeriod, LineText } from './core/line.ts';
import type { Customer, Seller } from './core/tax.ts';
import type { Discount } from './core/totals.ts';

export interface StoredTax {
  name: string;
  rate: string;
  taxable: string;
  amount: string;
}

type StoredDiscount = { kind: Discount['kind']; value: string };
export type StoredDraft = Omit<DraftTerms, 'discounts'> & { discounts: StoredDiscount[] };

export interface InvoiceRow {
  id: string;
  number: string | null;
  organization_id: string;
  kind: Invoice['kind'];
  reference: string;
  billing_key: string | null;
  status: Invoice['status'];
  draft: StoredDraft | null;
  seller: Seller;
  customer: Customer;
  period_from: Date | null;
  period_to: Date | null;
  currency: string;
  subtotal_minor: bigint;
  discount_minor: bigint;
  taxes: StoredTax[];
  tax_minor: bigint;
  is_tax_inclusive: boolean;
  tax_treatment: Invoice['taxTreatment'];
  total_minor: bigint;
  credit_applied_minor: bigint;
  credited_minor: bigint;
  credited_tax_minor: bigint;
  credited_due_minor: bigint;
  exchange_currency: string | null;
  exchange_rate: string | null;
  exchange_minor: bigint | null;
  issued_at: Date;
  due_at: Date;
  overdue_at: Date | null;
  asked_at: Date | null;
  paid_at: Date | null;
  voided_at: Date | null;
  written_off_at: Date | null;
}

export interface LineRow {
  invoice_id: string;
  position: number;
  kind: InvoiceLine['kind'];
  text: LineText;
  details: LineText[];
  exact: { quantity: string; unit: string; amount: string };
  amount_minor: bigint;
  net_minor: bigint;
  tax_rate: string | null;
  is_discountable: boolean;
  period_from: Date | null;
  period_to: Date | null;
}

/** JSON goes in as text. */
type Written<Row, Nested extends keyof Row> = Omit<Row, Nested> & Record<Nested, string>;

export type NewInvoiceRow = Omit<Written<InvoiceRow, 'seller' | 'customer' | 'taxes'>, 'draft'> & {
  draft: string | null;
};
export type NewLineRow = Written<LineRow, 'text' | 'details' | 'exact'>;

export function toInvoiceRow(invoice: Invoice): NewInvoiceRow {
  return {
    id: invoice.id,
    number: invoice.number,
    organization_id: invoice.organizationId,
    kind: invoice.kind,
    reference: invoice.reference,
    billing_key: invoice.billingKey,
    status: invoice.status,
    draft: invoice.draft && JSON.stringify(toStoredDraft(invoice.draft)),
    seller: JSON.stringify(invoice.seller),
    customer: JSON.stringify(invoice.customer),
    period_from: invoice.period?.from ?? null,
    period_to: invoice.period?.to ?? null,
    currency: invoice.total.currency,
    subtotal_minor: invoice.subtotalMinor,
    discount_minor: invoice.discountMinor,
    taxes: JSON.stringify(invoice.taxes.map(toStoredTax)),
    tax_minor: invoice.taxMinor,
    is_tax_inclusive: invoice.isTaxInclusive,
    tax_treatment: invoice.taxTreatment,
    total_minor: invoice.total.minor,
    credit_applied_minor: invoice.creditAppliedMinor,
    credited_minor: invoice.creditedMinor,
    credited_tax_minor: invoice.creditedTaxMinor,
    credited_due_minor: invoice.creditedDueMinor,
    exchange_currency: invoice.exchange?.amount.currency ?? null,
    exchange_rate: invoice.exchange?.rate ?? null,
    exchange_minor: invoice.exchange?.amount.minor ?? null,
    issued_at: invoice.issuedAt,
    due_at: invoice.dueAt,
    overdue_at: invoice.overdueAt,
    asked_at: invoice.askedAt,
    paid_at: invoice.paidAt,
    voided_at: invoice.voidedAt,
    written_off_at: invoice.writtenOffAt,
  };
}

export function toLineRow(invoiceId: string, line: InvoiceLine, position: number): NewLineRow {
  return {
    invoice_id: invoiceId,
    position,
    kind: line.kind,
    text: JSON.stringify(line.text),
    details: JSON.stringify(line.details),
    exact: JSON.stringify({
      quantity: writeRatio(line.quantity),
      unit: writeRatio(line.unitAmount),
      amount: writeRatio(line.amount),
    }),
    amount_minor: line.amountMinor,
    net_minor: line.netMinor,
    tax_rate: line.taxRate,
    is_discountable: line.isDiscountable,
    period_from: line.period?.from ?? null,
    period_to: line.period?.to ?? null,
  };
}

export function toInvoice(row: InvoiceRow, lines: readonly LineRow[]): Invoice {
  const { currency, exchange_currency, exchange_rate, exchange_minor } = row;
  const isExchanged =
    exchange_currency !== null && exchange_rate !== null && exchange_minor !== null;
  return {
    id: row.id,
    number: row.number,
    organizationId: row.organization_id,
    kind: row.kind,
    reference: row.reference,
    billingKey: row.billing_key,
    status: row.status,
    draft: row.draft && toDraft(row.draft),
    seller: row.seller,
    customer: row.customer,
    lines: lines.map(toLine),
    period: periodOf(row),
    subtotalMinor: row.subtotal_minor,
    discountMinor: row.discount_minor,
    taxes: row.taxes.map(toTax),
    taxMinor: row.tax_minor,
    isTaxInclusive: row.is_tax_inclusive,
    taxTreatment: row.tax_treatment,
    total: { minor: row.total_minor, currency },
    creditAppliedMinor: row.credit_applied_minor,
    creditedMinor: row.credited_minor,
    creditedTaxMinor: row.credited_tax_minor,
    creditedDueMinor: row.credited_due_minor,
    exchange: isExchanged
      ? { amount: { minor: exchange_minor, currency: exchange_currency }, rate: exchange_rate }
      : null,
    issuedAt: row.issued_at,
    dueAt: row.due_at,
    overdueAt: row.overdue_at,
    askedAt: row.asked_at,
    paidAt: row.paid_at,
    voidedAt: row.voided_at,
    writtenOffAt: row.written_off_at,
  };
}

function toLine(row: LineRow): InvoiceLine {
  return {
    kind: row.kind,
    text: row.text,
    details: row.details,
    quantity: readRatio(row.exact.quantity),
    unitAmount: readRatio(row.exact.unit),
    amount: readRatio(row.exact.amount),
    amountMinor: row.amount_minor,
    netMinor: row.net_minor,
    taxRate: row.tax_rate,
    isDiscountable: row.is_discountable,
    period: periodOf(row),
  };
}

export function toStoredTax(tax: InvoiceTax): StoredTax {
  const { name, rate } = tax;
  return { name, rate, taxable: String(tax.taxableMinor), amount: String(tax.amountMinor) };
}

export function toTax({ name, rate, taxable, amount }: StoredTax): InvoiceTax {
  return { name, rate, taxableMinor: BigInt(taxable), amountMinor: BigInt(amount) };
}

function periodOf(row: { period_from: Date | null; period_to: Date | null }): LinePeriod | null {
  return row.period_from && row.period_to ? { from: row.period_from, to: row.period_to } : null;
}

function writeRatio({ numerator, denominator }: Ratio): string {
  return `${numerator}/${denominator}`;
}

function readRatio(text: string): Ratio {
  const [numerator, denominator] = text.split('/');
  invariant(numerator && denominator, `"${text}" is a fraction`);
  return ratio(BigInt(numerator), BigInt(denominator));
}

function toStoredDraft({ discounts, ...terms }: DraftTerms): StoredDraft {
  const store = (discount: Discount): StoredDiscount => ({
    kind: discount.kind,
    value: writeRatio(discount.kind === 'amount' ? discount.amount : discount.share),
  });
  return { ...terms, discounts: discounts.map(store) };
}

function toDraft({ discounts, ...terms }: StoredDraft): DraftTerms {
  const read = ({ kind, value }: StoredDiscount): Discount =>
    kind === 'amount' ? { kind, amount: readRatio(value) } : { kind, share: readRatio(value) };
  return { ...terms, discounts: discounts.map(read) };
}
