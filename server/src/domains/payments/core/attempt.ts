/** A payment attempt: one try to collect an invoice's money through one provider. */
import type { MinorMoney } from '../../../platform/money.ts';
import type { DeclineCode } from './declines.ts';

export type AttemptStatus = 'pending' | 'succeeded' | 'failed' | 'canceled' | 'unknown';

/** What the payer does next. */
export type NextStep =
  | { type: 'redirect'; url: string }
  | { type: 'qr'; content: string; url: string | null }
  | { type: 'form'; action: string; fields: Record<string, string> }
  | { type: 'none' };

export interface Attempt {
  id: string;
  /** 24 lower-case letters and digits: the order number at the provider, and the idempotency key there. */
  number: string;
  organizationId: string;
  invoiceId: string;
  provider: string;
  merchant: string;
  title: string;
  amount: MinorMoney;
  /** What the provider collects, in the currency that it counts in. */
  charged: MinorMoney;
  rate: string;
  status: AttemptStatus;
  next: NextStep;
  returnUrl: string | null;
  /** What the provider calls the order. */
  reference: string | null;
  /** By which of the provider's means; null: its usual one. */
  means: string | null;
  savesMethod: boolean;
  /** The stored method that is charged without the payer; null where the payer pays. */
  methodId: string | null;
  /** Whether we began it, with nobody waiting on a page for it. */
  isAutomatic: boolean;
  /** Whom the provider is told about; null where nobody said. */
  payer: AttemptPayer | null;
  declineCode: DeclineCode | null;
  /** Whether the payer has done their part and the money is under way. */
  isProcessing: boolean;
  providerTransaction: string | null;
  /** What refunds that are not failed give back of it. */
  refundedMinor: bigint;
  queries: number;
  createdAt: Date;
  expiresAt: Date | null;
  settledAt: Date | null;
}

export interface AttemptPayer {
  email: string | null;
  locale: 'en' | 'zh-CN';
  /** The network address, only for means that want it. */
  address: string | null;
}

/** What an attempt becomes when a query found no money. */
export function statusAfterQuery(
  attempt: Pick<Attempt, 'status' | 'expiresAt' | 'isProcessing'>,
  outcome: 'pending' | 'processing' | 'absent' | 'declined' | 'unknown',
  now: Date,
): AttemptStatus {
  if (outcome === 'declined') return 'failed';
  if (outcome === 'processing') return 'pending';
  if (outcome === 'unknown' && attempt.isProcessing) return attempt.status;
  const expired = attempt.expiresAt !== null && attempt.expiresAt <= now;
  if (!expired) return attempt.status;
  // Unknown is not failure: without an answer an expired attempt is still asked about.
  return outcome === 'unknown' ? 'unknown' : 'canceled';
}

/** Whether a query may still find money for it. */
export function isOpen(status: AttemptStatus): boolean {
  return status === 'pending' || status === 'unknown';
}

const askedAfterExpiryMs = 7 * 86_400_000;

/** Whether to ask again: not for ever about an order that its provider never said a word of. */
export function asksAgain(
  { status, expiresAt, isProcessing }: Pick<Attempt, 'status' | 'expiresAt' | 'isProcessing'>,
  now: Date,
): boolean {
  const isForgotten =
    expiresAt !== null && now.getTime() - expiresAt.getTime() > askedAfterExpiryMs;
  return isOpen(status) && (isProcessing || !isForgotten);
}
