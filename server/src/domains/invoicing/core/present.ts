/** Invoices and credit notes as the contract shows them. */
import type * as creditNotes from '@sluice/contract/credit-notes';
import type { AnswerOf } from '@sluice/contract/endpoint';
import type * as endpoints from '@sluice/contract/invoicing';
import { exponentOf, formatMinor } from '../../../platform/money.ts';
import { divide, formatRatio, type Ratio, ratio } from '../../../platform/ratio.ts';
import type { Composition, InvoiceTax } from './compose.ts';
import type { CreditNote } from './credit-note.ts';
import { dueOf, type Invoice, type InvoiceLine, isOverdue } from './invoice.ts';
import type { LinePeriod } from './line.ts';
import { describeLine } from './line-words.ts';
import type { Customer, Seller } from './tax.ts';

export type InvoiceView = AnswerOf<typeof endpoints.getInvoice>;
export type OrganizationInvoiceView = AnswerOf<typeof endpoints.inspectInvoice>;
export type PurchaseView = AnswerOf<typeof endpoints.topUpWallet>;
export type CreditNoteView = AnswerOf<typeof creditNotes.getCreditNote>;

/** Digits of a unit price or quantity beyond which it is shown rounded. */
export const shownDecimalsMax = 9;

export function presentInvoice(invoice: Invoice, now: Date): InvoiceView {
  const { currency } = invoice.total;
  const { exchange } = invoice;
  const wire = (minor: bigint) => formatMinor({ minor, currency });
  return {
    id: invoice.id,
    number: invoice.number,
    kind: invoice.kind,
    reference: invoice.reference,
    status: invoice.status,
    overdue: invoice.status === 'open' && isOverdue(invoice, now),
    currency,
    subtotal: wire(invoice.subtotalMinor),
    discount: wire(invoice.discountMinor),
    taxes: presentTaxes(invoice.taxes, currency),
    tax: wire(invoice.taxMinor),
    tax_inclusive: invoice.isTaxInclusive,
    tax_treatment: invoice.taxTreatment,
    total: wire(invoice.total.minor),
    credit_applied: wire(invoice.creditAppliedMinor),
    credited: wire(invoice.creditedMinor),
    due: wire(dueOf(invoice).minor),
    lines: invoice.lines.map((line, position) => presentLine(invoice, line, position)),
    period: presentPeriod(invoice.period),
    seller: presentParty(invoice.seller),
    customer: presentParty(invoice.customer),
    exchange: exchange && {
      currency: exchange.amount.currency,
      rate: exchange.rate,
      amount: formatMinor(exchange.amount),
    },
    issued_at: invoice.issuedAt.toISOString(),
    due_at: invoice.dueAt.toISOString(),
    paid_at: invoice.paidAt?.toISOString() ?? null,
    voided_at: invoice.voidedAt?.toISOString() ?? null,
    written_off_at: invoice.writtenOffAt?.toISOString() ?? null,
  };
}

/** What would be invoiced; `total` is negative where a credit note would give it back. */
export function presentPreview(preview: PreviewParts) {
  const { currency, customer } = preview;
  const wire = (minor: bigint) => formatMinor({ minor, currency });
  const shown = { customer, total: { minor: preview.totalMinor, currency } };
  return {
    currency,
    lines: preview.lines.map((line, position) =>
      presentLine(
        shown,
        { ...line, details: line.details ?? [], period: line.period ?? null },
        position,
      ),
    ),
    subtotal: wire(preview.subtotalMinor),
    discount: wire(preview.discountMinor),
    taxes: presentTaxes(preview.taxes, currency),
    tax: wire(preview.taxMinor),
    tax_inclusive: preview.isTaxInclusive,
    total: wire(preview.totalMinor),
    credit_applied: wire(preview.creditAppliedMinor),
    due: wire(preview.dueMinor > 0n ? preview.dueMinor : 0n),
  };
}

type PreviewParts = Composition & { currency: string; dueMinor: bigint; customer: Customer };

export function presentOrganizationInvoice(invoice: Invoice, now: Date): OrganizationInvoiceView {
  const { organizationId: organization, draft } = invoice;
  return {
    ...presentInvoice(invoice, now),
    organization,
    draft: draft && {
      due_in_days: draft.dueInDays,
      taxed: [...draft.taxed],
      with_next_invoice: draft.isWaiting ?? false,
    },
  };
}

/** What the payer reads at the provider. */
export function titleOf({ lines, customer, id }: Invoice): string {
  const [first] = lines;
  return first ? describeLine(first.text, customer.locale) : id;
}

/** An exact amount of minor units in the major unit, with at least the currency's decimals. */
export function formatExact(minor: Ratio, currency: string): string {
  const exponent = exponentOf(currency);
  const major = divide(minor, ratio(10n ** BigInt(exponent)));
  const [whole = '0', fraction = ''] = formatRatio(major, shownDecimalsMax).split('.');
  const padded = fraction.padEnd(exponent, '0');
  return padded === '' ? whole : `${whole}.${padded}`;
}

function presentLine(
  { customer: { locale }, total: { currency } }: Pick<Invoice, 'customer' | 'total'>,
  line: InvoiceLine,
  position: number,
): InvoiceView['lines'][number] {
  return {
    position,
    kind: line.kind,
    description: describeLine(line.text, locale),
    text: line.text,
    details: line.details.map((text) => describeLine(text, locale)),
    quantity: formatRatio(line.quantity, shownDecimalsMax),
    unit_amount: formatExact(line.unitAmount, currency),
    amount: formatMinor({ minor: line.amountMinor, currency }),
    net_amount: formatMinor({ minor: line.netMinor, currency }),
    tax_rate: line.taxRate,
    period: presentPeriod(line.period),
  };
}

export function presentCreditNote(note: CreditNote): CreditNoteView {
  const { currency } = note;
  const wire = (minor: bigint) => formatMinor({ minor, currency });
  return {
    id: note.id,
    number: note.number,
    invoice: { id: note.invoiceId, number: note.invoiceNumber },
    reason: note.reason,
    currency,
    lines: note.lines.map(({ position, text, amountMinor }) => ({
      position,
      description: describeLine(text, note.customer.locale),
      text,
      amount: wire(amountMinor),
    })),
    taxes: presentTaxes(note.taxes, currency),
    tax: wire(note.taxMinor),
    tax_inclusive: note.isTaxInclusive,
    total: wire(note.totalMinor),
    against_due: wire(note.againstDueMinor),
    to_credit: wire(note.toCreditMinor),
    remaining: wire(note.remainingMinor),
    seller: presentParty(note.seller),
    customer: presentParty(note.customer),
    issued_at: note.issuedAt.toISOString(),
  };
}

export function presentOrganizationCreditNote(
  note: CreditNote,
): AnswerOf<typeof creditNotes.createCreditNote> {
  return { ...presentCreditNote(note), organization: note.organizationId };
}

function presentTaxes(taxes: readonly InvoiceTax[], currency: string): InvoiceView['taxes'] {
  return taxes.map(({ name, rate, taxableMinor, amountMinor }) => ({
    ...{ name, rate },
    taxable: formatMinor({ minor: taxableMinor, currency }),
    amount: formatMinor({ minor: amountMinor, currency }),
  }));
}

function presentParty({ name, taxId, address, country }: Seller | Customer) {
  return { name, tax_id: taxId, address: [...address], country };
}

function presentPeriod(period: LinePeriod | null) {
  return period && { from: period.from.toISOString(), to: period.to.toISOString() };
}
