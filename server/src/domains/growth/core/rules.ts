/** The terms of a referral, as they are kept with it and as they are computed with. */
import { parseNanos } from '../../../platform/money.ts';
import type { ReferralRules } from './referral.ts';

/** Amounts are decimals of the usage currency. */
export interface StoredRules {
  inviter_reward: string;
  invited_reward: string;
  required_payments: string;
  waiting_days: number;
  pay_within_days: number;
  expires_after_days: number;
  monthly_max: number;
}

export function toReferralRules(stored: StoredRules): ReferralRules {
  return {
    inviterReward: parseNanos(stored.inviter_reward),
    invitedReward: parseNanos(stored.invited_reward),
    requiredPayments: parseNanos(stored.required_payments),
    waitingDays: stored.waiting_days,
    payWithinDays: stored.pay_within_days,
    expiresAfterDays: stored.expires_after_days,
    monthlyMax: stored.monthly_max,
  };
}

/** An amount in another currency, less what is below a nano-unit; `rate` is a plain decimal. */
export function atRate(nanos: bigint, rate: string): bigint {
  const [whole = '0', fraction = ''] = rate.split('.');
  return (nanos * BigInt(whole + fraction)) / 10n ** BigInt(fraction.length);
}

/** The part of an amount that stands for a part of what was paid, rounded against the payer. */
export function shareOf(amount: bigint, { part, whole }: { part: bigint; whole: bigint }): bigint {
  if (part <= 0n) return 0n;
  if (part >= whole) return amount;
  return (amount * part + whole - 1n) / whole;
}
