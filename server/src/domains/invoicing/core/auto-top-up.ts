/** When a wallet refills itself. Pure: the caller holds the organization's lock. */
import type { MinorMoney } from '../../../platform/money.ts';
import type { DeclineCode } from '../../payments/index.ts';

export interface AutoTopUp {
  organizationId: string;
  enabled: boolean;
  /** Nano-units of the wallet's currency. */
  below: bigint;
  amount: MinorMoney;
  monthlyLimitMinor: bigint;
  methodId: string;
  off: { reason: DeclineCode; at: Date } | null;
}

export interface Refills {
  /** What refills of this calendar month came to; those under way count. */
  monthMinor: bigint;
  isUnderWay: boolean;
}

export type RefillDecision =
  | { due: true }
  | { due: false; why: 'off' | 'under_way' | 'enough' | 'limit_reached' };

/** `available` is what the wallet has left beyond what calls in flight hold, in nano-units. */
export function decideRefill(
  rule: AutoTopUp,
  { available, refills }: { available: bigint; refills: Refills },
): RefillDecision {
  if (!rule.enabled) return { due: false, why: 'off' };
  if (refills.isUnderWay) return { due: false, why: 'under_way' };
  if (available >= rule.below) return { due: false, why: 'enough' };
  if (isLimitReached(rule, refills)) return { due: false, why: 'limit_reached' };
  return { due: true };
}

/** Whether one more would exceed what a month may bring. */
export function isLimitReached(
  { amount, monthlyLimitMinor }: AutoTopUp,
  { monthMinor }: Pick<Refills, 'monthMinor'>,
): boolean {
  return monthMinor + amount.minor > monthlyLimitMinor;
}
