/** An invoice, and what money that comes for it does. */
import type { MinorMoney } from '../../../platform/money.ts';
import type { Ratio } from '../../../platform/ratio.ts';
import type { InvoiceTax } from './compose.ts';
import type { LineKind, LinePeriod, LineText } from './line.ts';
import type { Customer, Seller, Treatment } from './tax.ts';
import type { Discount } from './totals.ts';

export type InvoiceKind = 'top_up' | 'package' | 'subscription' | 'manual';
export type InvoiceStatus = 'draft' | 'open' | 'paid' | 'void' | 'uncollectible';

/** Amounts are in minor units of `total.currency`. */
export interface Invoice {
  id: string;
  /** Null for a draft, and until the end of the transaction that issues it. */
  number: string | null;
  organizationId: string;
  kind: InvoiceKind;
  /** What it is for: the organization package, the subscription; the invoice itself for a top-up. */
  reference: string;
  billingKey: string | null;
  status: InvoiceStatus;
  /** Only of a draft. */
  draft: DraftTerms | null;
  seller: Seller;
  customer: Customer;
  lines: InvoiceLine[];
  period: LinePeriod | null;
  subtotalMinor: bigint;
  discountMinor: bigint;
  taxes: readonly InvoiceTax[];
  taxMinor: bigint;
  isTaxInclusive: boolean;
  taxTreatment: Treatment;
  /** With tax, before credit. */
  total: MinorMoney;
  /** The customer's credit that it used when it was issued. */
  creditAppliedMinor: bigint;
  /** What credit notes have taken back of it, with tax; of a top-up, which takes none, what was given back. */
  creditedMinor: bigint;
  creditedTaxMinor: bigint;
  /** The part of it that lessened what was due. */
  creditedDueMinor: bigint;
  /** What is due in the wallet's currency at the rate frozen here, where the two differ and the wallet is involved. */
  exchange: Exchange | null;
  issuedAt: Date;
  dueAt: Date;
  /** When it was found not paid in time; only of kinds that stay open. */
  overdueAt: Date | null;
  /** When the customer was mailed where to pay. */
  askedAt: Date | null;
  paidAt: Date | null;
  voidedAt: Date | null;
  writtenOffAt: Date | null;
}

/** What finalizing a draft needs beyond what is shown of it. */
export interface DraftTerms {
  discounts: readonly Discount[];
  /** Of each line, whether it is taxed where there is a tax. */
  taxed: readonly boolean[];
  dueInDays: number | null;
  isExchanged: boolean;
  /** Whether the subscription's next invoice takes its lines; left out by drafts from before there was such a thing. */
  isWaiting?: boolean;
}

export interface InvoiceLine {
  kind: LineKind;
  text: LineText;
  details: readonly LineText[];
  quantity: Ratio;
  /** In minor units, exact. */
  unitAmount: Ratio;
  amount: Ratio;
  amountMinor: bigint;
  netMinor: bigint;
  taxRate: string | null;
  isDiscountable: boolean;
  period: LinePeriod | null;
}

export interface Exchange {
  amount: MinorMoney;
  /** Units of the exchange's currency per unit of the total's. */
  rate: string;
}

/** What nobody has paid and no credit covers. A draft owes nothing; what was written off says what it would take. */
export function dueOf(invoice: DueParts): MinorMoney {
  const { currency } = invoice.total;
  if (['draft', 'paid', 'void'].includes(invoice.status)) return { minor: 0n, currency };
  const minor = invoice.total.minor - invoice.creditAppliedMinor - invoice.creditedDueMinor;
  return { minor, currency };
}

type DueParts = Pick<Invoice, 'status' | 'total' | 'creditAppliedMinor' | 'creditedDueMinor'>;

/** What people call it by. */
export function labelOf({ number, id }: Pick<Invoice, 'number' | 'id'>): string {
  return number ?? id;
}

/** Whom a provider is told about. */
export function payerOf({ customer: { email, locale } }: Pick<Invoice, 'customer'>) {
  return { email, locale };
}

/** What is sold with it, tax apart: that much is earned in time. */
export function netOf({ total, taxMinor }: Pick<Invoice, 'total' | 'taxMinor'>): MinorMoney {
  return { minor: total.minor - taxMinor, currency: total.currency };
}

/** A purchase that nobody pays within its term is off; what is owed for a service stays owed. */
export function lapsesUnpaid(kind: InvoiceKind): boolean {
  return kind === 'top_up' || kind === 'package';
}

export type Application =
  | { kind: 'pay' }
  /** The money stays unapplied. */
  | { kind: 'park'; reason: 'duplicate' | 'late' | 'amount_mismatch' };

/** Decides over money that came for a locked invoice. What came too late by the clock is late, swept or not;
 * `isOnTheWay` is what was paid in time and took its days. */
export function decideApplication(
  invoice: DueParts & Pick<Invoice, 'kind' | 'dueAt'>,
  money: MinorMoney,
  { now, isOnTheWay = false }: { now: Date; isOnTheWay?: boolean },
): Application {
  if (invoice.status === 'paid') return { kind: 'park', reason: 'duplicate' };
  const isInTime = takesMoney(invoice, now) || (isOnTheWay && invoice.status === 'open');
  if (!isInTime) return { kind: 'park', reason: 'late' };
  const due = dueOf(invoice);
  const isWhole = money.minor === due.minor && money.currency === due.currency;
  return isWhole ? { kind: 'pay' } : { kind: 'park', reason: 'amount_mismatch' };
}

/** Whether its money would be applied; a debt that was written off may still be paid. */
export function takesMoney(
  invoice: Pick<Invoice, 'status' | 'kind' | 'dueAt'>,
  now: Date,
): boolean {
  if (lapsesUnpaid(invoice.kind)) return invoice.status === 'open' && !isOverdue(invoice, now);
  return invoice.status === 'open' || invoice.status === 'uncollectible';
}

/** The term is half-open: at its end it is over. */
export function isOverdue(invoice: Pick<Invoice, 'dueAt'>, now: Date): boolean {
  return invoice.dueAt <= now;
}

/** `INV-2026-000001`. */
export function formatNumber(prefix: string, year: number, sequence: bigint): string {
  return `${prefix}-${year}-${sequence.toString().padStart(6, '0')}`;
}
