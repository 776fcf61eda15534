/**
 * What a reseller has earned by one payment. Pure, and a function of what is true now: it does not matter in which order
 * payments, refunds, disputes and the clock were heard of.
 */
import { multiplierOne } from '../../../platform/multiplier.ts';
import type { Kinship, Reason } from './referral.ts';

export interface CommissionFacts {
  state: 'pending' | 'earned' | 'refused' | 'clawed_back';
  dueAt: Date | null;
  /** Nano-units of the usage currency, as everything here. */
  paid: bigint;
  /** Of what was paid: what refunds give back. */
  returned: bigint;
  isDisputed: boolean;
  shareMillionths: bigint;
  /** Credit that was given for it, less what was taken back. */
  given: bigint;
  /** What the customer has in common with the reseller. */
  kinship: readonly Kinship[];
  /** Either of them may begin no payments now. */
  isOnHold: boolean;
  /** The reseller is a customer in good standing. */
  isActive: boolean;
}

export type CommissionDecision =
  /** Nothing changes now. */
  | { kind: 'leave' }
  | { kind: 'wait'; until: Date; reason: Reason }
  | { kind: 'refuse'; reason: Reason }
  /** So much credit should be there for it. */
  | { kind: 'owe'; amount: bigint; reason: Reason | null };

const dayMs = 86_400_000;

/** The share of what is there still; below a nano-unit it is the operator's. */
export function commissionOf(facts: {
  paid: bigint;
  returned: bigint;
  isDisputed: boolean;
  shareMillionths: bigint;
}): bigint {
  if (facts.isDisputed) return 0n;
  return ((facts.paid - facts.returned) * facts.shareMillionths) / multiplierOne;
}

export function decideCommission(facts: CommissionFacts, now: Date): CommissionDecision {
  const { state, dueAt, given } = facts;
  if (state === 'pending' && dueAt !== null && now < dueAt) return { kind: 'leave' };
  const kin = kinshipReason(facts.kinship);
  if (state === 'pending' && kin) return { kind: 'refuse', reason: kin };
  const amount = commissionOf(facts);
  if (state === 'pending' && amount > given) {
    // Neither is for good: it is looked at again tomorrow.
    const reason = facts.isOnHold ? 'payments_on_hold' : facts.isActive ? null : 'not_active';
    if (reason) return { kind: 'wait', until: new Date(now.getTime() + dayMs), reason };
  }
  const why = facts.isDisputed ? 'disputed' : 'refunded';
  if (amount === 0n && given === 0n && state === 'pending') return { kind: 'refuse', reason: why };
  if (amount === given) return { kind: 'leave' };
  return { kind: 'owe', amount, reason: amount === 0n ? why : null };
}

/** Nobody earns by customers who are themselves. An office may share an address. */
function kinshipReason(kinship: readonly Kinship[]): Reason | undefined {
  if (kinship.includes('person')) return 'self_referral';
  if (kinship.includes('payer')) return 'same_payer';
  return kinship.includes('device') ? 'same_device' : undefined;
}
