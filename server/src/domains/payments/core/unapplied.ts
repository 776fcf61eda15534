/** Money that was received and fitted no open invoice. */
import { divideHalfUp, type MinorMoney } from '../../../platform/money.ts';
import type { Attempt } from './attempt.ts';
import type { UnappliedReason } from './settlement.ts';

export type UnappliedState = 'open' | 'applied' | 'returned';

export interface Unapplied {
  id: string;
  transactionId: string;
  organizationId: string | null;
  attemptId: string | null;
  /** What is left of it while it is open; what it was afterwards. */
  amount: MinorMoney;
  /** What it was when it came. */
  whole: MinorMoney;
  reason: UnappliedReason;
  state: UnappliedState;
  /** What it became part of; the wallet where no invoice is named. */
  applied: { invoiceId: string | null; money: MinorMoney } | null;
  resolvedAt: Date | null;
  resolvedBy: string | null;
  provider: string;
  providerTransaction: string;
  receivedAt: Date;
}

/** What it is in another currency by the rate that was frozen when its payment was opened; undefined where that has none. */
export function atOwnRate(
  money: MinorMoney,
  attempt: Pick<Attempt, 'amount' | 'charged'> | undefined,
  currency: string,
): MinorMoney | undefined {
  const { amount, charged } = attempt ?? {};
  const isOfPayment =
    amount?.currency === currency && charged?.currency === money.currency && charged.minor > 0n;
  if (!isOfPayment) return undefined;
  return { minor: divideHalfUp(money.minor * amount.minor, charged.minor), currency };
}

/** The share of `whole` that goes with so much of a piece of money; all shares together are the whole. */
export function partOf(
  whole: MinorMoney,
  piece: { amount: MinorMoney; returnedMinor: bigint },
  minor: bigint,
): bigint {
  const gone = goneOf(whole, piece);
  const part = goneOf(whole, { ...piece, returnedMinor: piece.returnedMinor + minor }) - gone;
  return part > 0n ? part : 1n;
}

/** The share of `whole` that has gone back. */
export function goneOf(
  whole: MinorMoney,
  { amount, returnedMinor }: { amount: MinorMoney; returnedMinor: bigint },
): bigint {
  return divideHalfUp(whole.minor * returnedMinor, amount.minor);
}
