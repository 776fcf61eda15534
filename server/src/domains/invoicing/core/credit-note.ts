/** What may be taken back of an invoice, and what becomes of it. */
import type { MinorMoney } from '../../../platform/money.ts';
import {
  add,
  divide,
  multiply,
  one,
  type Ratio,
  ratio,
  roundHalfUp,
} from '../../../platform/ratio.ts';
import type { InvoiceTax } from './compose.ts';
import type { CreateCreditNoteCommand } from './doors.ts';
import { dueOf, type Invoice } from './invoice.ts';
import type { LineText } from './line.ts';
import { type Customer, type Seller, shareOfRate } from './tax.ts';

/** Amounts are in minor units of `currency`. */
export interface CreditNote {
  id: string;
  /** Null until the end of the transaction that issues it. */
  number: string | null;
  organizationId: string;
  invoiceId: string;
  invoiceNumber: string;
  currency: string;
  reason: string;
  seller: Seller;
  customer: Customer;
  lines: CreditNoteLine[];
  taxes: InvoiceTax[];
  taxMinor: bigint;
  isTaxInclusive: boolean;
  totalMinor: bigint;
  /** Taken off what was due. */
  againstDueMinor: bigint;
  /** The customer's from now on. */
  toCreditMinor: bigint;
  /** What later invoices have not used of that. */
  remainingMinor: bigint;
  issuedAt: Date;
}

export interface CreditNoteLine {
  /** The invoice's line that it takes back, in part or whole. */
  position: number | null;
  text: LineText;
  amountMinor: bigint;
}

type CreditParts = Pick<
  CreditNote,
  'lines' | 'taxes' | 'taxMinor' | 'totalMinor' | 'againstDueMinor' | 'toCreditMinor'
>;
export type CreditRefusal =
  | 'not_creditable'
  | 'nothing_left'
  | 'exceeds_remaining'
  | 'line_unknown'
  | 'wrong_currency';
export type CreditDecision =
  | ({ allowed: true } & CreditParts)
  | { allowed: false; reason: CreditRefusal };

/** `creditedByLine`: what earlier notes took back of each line, by position. */
export function decideCreditNote(
  invoice: Invoice,
  credit: CreateCreditNoteCommand['credit'],
  creditedByLine: ReadonlyMap<number, bigint>,
): CreditDecision {
  if (!isCreditable(invoice)) return { allowed: false, reason: 'not_creditable' };
  const left = leftOf(invoice);
  if (left.total <= 0n) return { allowed: false, reason: 'nothing_left' };
  const part = partOf(invoice, credit, creditedByLine);
  if (typeof part === 'string') return { allowed: false, reason: part };
  const net = part.total - part.tax;
  const isWithin =
    part.total > 0n && part.tax >= 0n && part.tax <= left.tax && net <= left.total - left.tax;
  if (!isWithin) return { allowed: false, reason: 'exceeds_remaining' };
  const due = dueOf(invoice).minor;
  const againstDueMinor = due < part.total ? due : part.total;
  return {
    allowed: true,
    lines: part.lines,
    taxes: taxesOf(invoice, part),
    taxMinor: part.tax,
    totalMinor: part.total,
    againstDueMinor,
    toCreditMinor: part.total - againstDueMinor,
  };
}

/** A top-up is the customer's own money and no sale; an unpaid purchase is void by itself. */
function isCreditable({ kind, status }: Invoice): boolean {
  if (kind === 'top_up') return false;
  return status === 'paid' || (status === 'open' && kind !== 'package');
}

interface Part {
  lines: CreditNoteLine[];
  tax: bigint;
  total: bigint;
}

function leftOf(invoice: Invoice): { total: bigint; tax: bigint } {
  return {
    total: invoice.total.minor - invoice.creditedMinor,
    tax: invoice.taxMinor - invoice.creditedTaxMinor,
  };
}

function partOf(
  invoice: Invoice,
  credit: CreateCreditNoteCommand['credit'],
  creditedByLine: ReadonlyMap<number, bigint>,
): Part | CreditRefusal {
  if (credit.kind === 'whole') return wholeOf(invoice);
  if (credit.kind === 'amount') return amountOf(invoice, credit.amount);
  return linesOf(invoice, credit.lines, creditedByLine);
}

function wholeOf(invoice: Invoice): Part {
  const left = leftOf(invoice);
  if (invoice.creditedMinor > 0n) return oneLine(invoice, 'credit_rest', left);
  const lines = invoice.lines.map(({ text, netMinor }, position) => ({
    ...{ position, text },
    amountMinor: netMinor,
  }));
  return { lines, ...left };
}

/** An amount takes its share of the tax: counted over all notes, so that the last one takes exactly what is left. */
function amountOf(invoice: Invoice, { minor, currency }: MinorMoney): Part | CreditRefusal {
  if (currency !== invoice.total.currency) return 'wrong_currency';
  const left = leftOf(invoice);
  if (minor > left.total) return 'exceeds_remaining';
  const credited = invoice.creditedMinor + minor;
  const taxUntilNow = roundHalfUp(ratio(invoice.taxMinor * credited, invoice.total.minor));
  const leastTax = greater(0n, minor - (left.total - left.tax));
  const mostTax = lesser(minor, left.tax);
  const tax = lesser(greater(taxUntilNow - invoice.creditedTaxMinor, leastTax), mostTax);
  return oneLine(invoice, 'credit', { total: minor, tax });
}

function oneLine(
  invoice: Invoice,
  code: 'credit' | 'credit_rest',
  { total, tax }: { total: bigint; tax: bigint },
): Part {
  const text: LineText = { code, params: { number: invoice.number ?? '' } };
  const amountMinor = invoice.isTaxInclusive ? total : total - tax;
  return { lines: [{ position: null, text, amountMinor }], tax, total };
}

function linesOf(
  invoice: Invoice,
  chosen: readonly { position: number; amount?: MinorMoney | undefined }[],
  creditedByLine: ReadonlyMap<number, bigint>,
): Part | CreditRefusal {
  const lines: CreditNoteLine[] = [];
  let taxable = 0n;
  let shown = 0n;
  for (const { position, amount } of chosen) {
    const line = invoice.lines[position];
    if (!line || lines.some((other) => other.position === position)) return 'line_unknown';
    if (amount && amount.currency !== invoice.total.currency) return 'wrong_currency';
    const remaining = line.netMinor - (creditedByLine.get(position) ?? 0n);
    const amountMinor = amount?.minor ?? remaining;
    if (amountMinor <= 0n || amountMinor > remaining) return 'exceeds_remaining';
    lines.push({ position, text: line.text, amountMinor });
    shown += amountMinor;
    if (line.taxRate !== null) taxable += amountMinor;
  }
  return { lines, ...taxed(invoice, { shown, taxable }) };
}

/** Tax on the lines taken back; what takes back all that was sold takes back all of its tax. */
function taxed(
  invoice: Invoice,
  { shown, taxable }: { shown: bigint; taxable: bigint },
): { tax: bigint; total: bigint } {
  const left = leftOf(invoice);
  const rate = shareOfRate(invoice.taxes[0]?.rate ?? null);
  if (invoice.isTaxInclusive) {
    const tax = shown === left.total ? left.tax : shareOf(taxable, divide(rate, add(one, rate)));
    return { tax: lesser(tax, left.tax), total: shown };
  }
  const tax = shown === left.total - left.tax ? left.tax : shareOf(taxable, rate);
  const kept = lesser(tax, left.tax);
  return { tax: kept, total: shown + kept };
}

function taxesOf(invoice: Invoice, { tax, total }: Part): InvoiceTax[] {
  const [rate] = invoice.taxes;
  if (!rate || tax === 0n) return [];
  const taxableMinor = invoice.isTaxInclusive ? total : total - tax;
  return [{ name: rate.name, rate: rate.rate, taxableMinor, amountMinor: tax }];
}

function shareOf(minor: bigint, share: Ratio): bigint {
  return roundHalfUp(multiply(ratio(minor), share));
}

const lesser = (a: bigint, b: bigint) => (a < b ? a : b);
const greater = (a: bigint, b: bigint) => (a > b ? a : b);
