/** Money of a payment that goes back: how much may, and what share of the provider's money that is. */
import { divideHalfUp, type MinorMoney } from '../../../platform/money.ts';
import type { Capabilities } from '../provider.ts';
import type { AttemptStatus } from './attempt.ts';

/** `unknown`: the provider did not answer, and is asked again. */
export type RefundStatus = 'pending' | 'unknown' | 'succeeded' | 'failed';
export type RefundDestination = 'provider' | 'wallet';
/** Whose money it is until it goes back. `nobody`: the customer is not known, and the ledger has none of it. */
export type RefundSource = 'invoice' | 'wallet' | 'unapplied' | 'nobody';

export interface Refund {
  id: string;
  /** 24 lower-case letters and digits, as an attempt's: the refund's number at the provider. */
  number: string;
  transactionId: string;
  attemptId: string | null;
  unappliedId: string | null;
  organizationId: string | null;
  provider: string;
  merchant: string;
  source: RefundSource;
  invoiceId: string | null;
  destination: RefundDestination;
  origin: 'operator' | 'provider';
  amount: MinorMoney;
  /** Its share of what the provider collected. */
  charged: MinorMoney;
  /** What leaves the wallet it comes from, or enters the wallet it goes to. */
  wallet: MinorMoney | null;
  reason: string;
  status: RefundStatus;
  reference: string | null;
  failure: string | null;
  queries: number;
  requestedBy: string | null;
  createdAt: Date;
  finishedAt: Date | null;
}

export interface Refundable {
  status: AttemptStatus;
  amount: MinorMoney;
  charged: MinorMoney;
  /** In the payment's currency: what refunds that are not failed give back. */
  refundedMinor: bigint;
  /** The same in the provider's. */
  returnedMinor: bigint;
  /** What is disputed and not won, in the provider's currency: the bank takes that, or has. */
  disputedMinor: bigint;
  /** What its provider can give back. */
  byProvider: Capabilities['refunds'];
}

export type RefundRefusal =
  | 'not_settled'
  | 'nothing_left'
  | 'disputed'
  | 'exceeds_remaining'
  | 'too_small'
  | 'provider_refunds_nothing'
  | 'provider_refunds_whole';

export type RefundDecision =
  | { allowed: true; amount: MinorMoney; charged: MinorMoney }
  | { allowed: false; reason: RefundRefusal };

/** Decides whether `amount` of a locked payment goes back; all that is left of it where none is named. */
export function decideRefund(
  payment: Refundable,
  { minor, destination }: { minor: bigint | undefined; destination: RefundDestination },
): RefundDecision {
  if (payment.status !== 'succeeded') return no('not_settled');
  if (payment.amount.minor === payment.refundedMinor) return no('nothing_left');
  const left = remainingOf(payment);
  if (left.minor === 0n) return no('disputed');
  const wanted = minor ?? left.minor;
  if (wanted > left.minor) return no('exceeds_remaining');
  const charged = chargedShare(payment, wanted);
  if (charged <= 0n) return no('too_small');
  if (charged > payment.charged.minor - payment.returnedMinor - payment.disputedMinor) {
    return no('exceeds_remaining');
  }
  if (destination === 'provider') {
    if (payment.byProvider === 'none') return no('provider_refunds_nothing');
    const isWhole = payment.returnedMinor === 0n && charged === payment.charged.minor;
    if (payment.byProvider === 'whole' && !isWhole) return no('provider_refunds_whole');
  }
  return {
    allowed: true,
    amount: { minor: wanted, currency: payment.amount.currency },
    charged: { minor: charged, currency: payment.charged.currency },
  };
}

/** What may still go back. A part that is disputed waits for the end of its dispute. */
export function remainingOf(payment: Omit<Refundable, 'status' | 'byProvider'>): MinorMoney {
  const { amount, charged, refundedMinor, returnedMinor, disputedMinor } = payment;
  const { currency } = amount;
  const unreturned = amount.minor - refundedMinor;
  if (disputedMinor === 0n) return { minor: unreturned, currency };
  const free = charged.minor - returnedMinor - disputedMinor;
  if (free <= 0n) return { minor: 0n, currency };
  const share = (amount.minor * free) / charged.minor;
  // Where a rounding meets an uneven rate, what was refunded counts.
  return share < unreturned ? { minor: share, currency } : { minor: unreturned, currency };
}

/** The provider's share of an amount, counted over all refunds, so that all of them together are what was charged. */
function chargedShare(
  { amount, charged, refundedMinor, returnedMinor }: Refundable,
  minor: bigint,
): bigint {
  return divideHalfUp(charged.minor * (refundedMinor + minor), amount.minor) - returnedMinor;
}

function no(reason: RefundRefusal): RefundDecision {
  return { allowed: false, reason };
}

/** What news of a refund does. Only forward: what succeeded may still bounce, and what failed stays failed. */
export function statusAfterNews(
  status: RefundStatus,
  news: 'succeeded' | 'pending' | 'failed' | 'unknown',
): RefundStatus {
  if (status === 'failed' || news === 'failed') return 'failed';
  if (status === 'succeeded' || news === 'succeeded') return 'succeeded';
  return news;
}
