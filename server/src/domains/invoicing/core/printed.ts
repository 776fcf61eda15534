/** Invoices and credit notes as they are printed: every figure as it is to be read, in the language of the document. */
import { formatMinor } from '../../../platform/money.ts';
import { formatRatio } from '../../../platform/ratio.ts';
import { dayOf } from '../../../platform/time.ts';
import type { InvoiceTax } from './compose.ts';
import type { CreditNote } from './credit-note.ts';
import type { PrintedDocument, PrintedParty } from './document.ts';
import { type DocumentLocale, documentWords } from './document-words.ts';
import { dueOf, type Invoice } from './invoice.ts';
import { describeLine } from './line-words.ts';
import { formatExact, shownDecimalsMax } from './present.ts';
import type { Customer, Seller } from './tax.ts';

export interface PrintOptions {
  locale: DocumentLocale;
  /** In which the days of instants are counted. */
  timeZone: string;
}

export function printedInvoice(
  invoice: Invoice,
  { locale, timeZone }: PrintOptions,
): PrintedDocument {
  const { currency } = invoice.total;
  const wire = (minor: bigint) => formatMinor({ minor, currency });
  const lessened = invoice.creditAppliedMinor + invoice.creditedDueMinor;
  return {
    kind: 'invoice',
    number: invoice.number ?? '',
    locale,
    status: invoice.status,
    currency,
    issuedOn: dayOf(invoice.issuedAt, timeZone),
    dueOn: dayOf(invoice.dueAt, timeZone),
    period: periodOf(invoice, timeZone),
    corrects: null,
    seller: partyOf(invoice.seller),
    customer: partyOf(invoice.customer),
    lines: invoice.lines.map((line) => ({
      description: describeLine(line.text, locale),
      details: line.details.map((text) => describeLine(text, locale)),
      quantity: formatRatio(line.quantity, shownDecimalsMax),
      unitAmount: formatExact(line.unitAmount, currency),
      amount: wire(line.amountMinor),
    })),
    totals: {
      subtotal: wire(invoice.subtotalMinor),
      discount: invoice.discountMinor === 0n ? null : wire(-invoice.discountMinor),
      taxes: taxesOf(invoice.taxes, currency),
      isTaxInclusive: invoice.isTaxInclusive,
      total: wire(invoice.total.minor),
      creditNotes: lessened === 0n ? null : wire(-lessened),
      prepaid: null,
      due: wire(dueOf(invoice).minor),
    },
    notes: [...notesOf(invoice, locale), ...ownWordsOf(invoice.seller)],
  };
}

export function printedCreditNote(
  note: CreditNote,
  { locale, timeZone }: PrintOptions,
): PrintedDocument {
  const { currency } = note;
  const wire = (minor: bigint) => formatMinor({ minor, currency });
  const shown = note.isTaxInclusive ? note.totalMinor : note.totalMinor - note.taxMinor;
  return {
    kind: 'credit_note',
    number: note.number ?? '',
    locale,
    status: null,
    currency,
    issuedOn: dayOf(note.issuedAt, timeZone),
    dueOn: null,
    period: null,
    corrects: note.invoiceNumber,
    seller: partyOf(note.seller),
    customer: partyOf(note.customer),
    lines: note.lines.map(({ text, amountMinor }) => ({
      description: describeLine(text, locale),
      details: [],
      quantity: '1',
      unitAmount: wire(amountMinor),
      amount: wire(amountMinor),
    })),
    totals: {
      subtotal: wire(shown),
      discount: null,
      taxes: taxesOf(note.taxes, currency),
      isTaxInclusive: note.isTaxInclusive,
      total: wire(note.totalMinor),
      creditNotes: null,
      prepaid: null,
      due: null,
    },
    notes: [note.reason],
  };
}

function periodOf({ period }: Invoice, timeZone: string): PrintedDocument['period'] {
  if (!period) return null;
  // The period is half-open: the day before its end is the last one in it.
  const last = new Date(Math.max(period.to.getTime() - 1, period.from.getTime()));
  return { from: dayOf(period.from, timeZone), to: dayOf(last, timeZone) };
}

function notesOf({ taxTreatment }: Invoice, locale: DocumentLocale): string[] {
  const words = documentWords[locale];
  if (taxTreatment === 'reverse_charge') return [words.reverseCharge];
  return taxTreatment === 'exempt' ? [words.exempt] : [];
}

function ownWordsOf({ text }: Seller): string[] {
  return text === undefined ? [] : [text];
}

function partyOf({ name, taxId, address, country }: Seller | Customer): PrintedParty {
  return { name, taxId, address: country === null ? address : [...address, country] };
}

function taxesOf(taxes: readonly InvoiceTax[], currency: string) {
  return taxes.map(({ name, rate, amountMinor }) => ({
    name,
    rate,
    amount: formatMinor({ minor: amountMinor, currency }),
  }));
}
