/** An invoice, and what money that comes for it does. */
import type { MinorMoney } from '../../../platform/money.ts';

export type InvoiceKind = 'top_up' | 'package' | 'subscription' | 'manual';

export interface Invoice {
  id: string;
  number: string;
  organizationId: string;
  kind: InvoiceKind;
  /** What it is for: the organization package; the invoice itself for a top-up. */
  reference: string;
  status: 'open' | 'paid' | 'void';
  total: MinorMoney;
  lines: InvoiceLine[];
  /** The total in the wallet's currency at the rate frozen here, where the two differ and the wallet is involved. */
  exchange: Exchange | null;
  issuedAt: Date;
  dueAt: Date;
  paidAt: Date | null;
}

export interface InvoiceLine {
  description: string;
  quantity: number;
  unit: MinorMoney;
  amount: MinorMoney;
}

export interface Exchange {
  amount: MinorMoney;
  /** Units of the exchange's currency per unit of the total's. */
  rate: string;
}

export type Application =
  | { kind: 'pay' }
  /** The money stays unapplied. */
  | { kind: 'park'; reason: 'duplicate' | 'late' | 'amount_mismatch' };

/** Decides over money that came for a locked invoice. What came too late by the clock is late, swept or not. */
export function decideApplication(
  invoice: Pick<Invoice, 'status' | 'total' | 'dueAt'>,
  money: MinorMoney,
  now: Date,
): Application {
  if (invoice.status === 'paid') return { kind: 'park', reason: 'duplicate' };
  if (invoice.status === 'void' || isOverdue(invoice, now)) return { kind: 'park', reason: 'late' };
  const isWhole = money.minor === invoice.total.minor && money.currency === invoice.total.currency;
  return isWhole ? { kind: 'pay' } : { kind: 'park', reason: 'amount_mismatch' };
}

/** The term is half-open: at its end it is over. */
export function isOverdue(invoice: Pick<Invoice, 'dueAt'>, now: Date): boolean {
  return invoice.dueAt <= now;
}

/** `INV-2026-000001`. */
export function formatNumber(year: number, sequence: bigint): string {
  return `INV-${year}-${sequence.toString().padStart(6, '0')}`;
}
