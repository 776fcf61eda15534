/**
 * When a referral earns, is refused, or is taken back. Pure, and a function of what is true now: it does not matter in which
 * order payments, refunds and the clock were heard of.
 */

export interface ReferralRules {
  /** Nano-units of the usage currency, as everything here. */
  inviterReward: bigint;
  invitedReward: bigint;
  requiredPayments: bigint;
  waitingDays: number;
  payWithinDays: number;
  expiresAfterDays: number;
  monthlyMax: number;
}

export type Reason =
  | 'self_referral'
  | 'ring'
  | 'same_address'
  | 'same_device'
  | 'same_payer'
  | 'disputed'
  | 'refunded'
  | 'monthly_cap'
  | 'not_paid_in_time'
  | 'payments_on_hold'
  | 'not_active';

/** A payment of the invited, with what of it is there still. */
export interface PaidFact {
  at: Date;
  amount: bigint;
  /** Of the amount: what refunds give back. */
  returned: bigint;
  isDisputed: boolean;
}

/** What the invited has in common with the inviter, or with whoever invited that one, and so on. */
export type Kinship = 'person' | 'address' | 'device' | 'payer';

export interface ReferralFacts {
  rules: ReferralRules;
  signedUpAt: Date;
  payments: readonly PaidFact[];
  kinshipWithInviter: readonly Kinship[];
  /** With those further up: the same people going round in a ring. */
  kinshipWithAncestors: readonly Kinship[];
  /** Rewards that the inviter earned this month. */
  earnedThisMonth: number;
  /** Either of them may begin no payments now. */
  isOnHold: boolean;
  /** Both are customers in good standing. */
  isActive: boolean;
}

export type Decision =
  | { kind: 'wait'; until: Date; reason: Reason | null }
  | { kind: 'refuse'; reason: Reason }
  | { kind: 'earn' };

const dayMs = 86_400_000;
const after = (at: Date, days: number) => new Date(at.getTime() + days * dayMs);

/** What the invited has paid and kept. */
export function keptOf(payments: readonly PaidFact[]): bigint {
  return payments.reduce((sum, { amount, returned }) => sum + (amount - returned), 0n);
}

/** Decides on a pending referral. */
export function decidePending(facts: ReferralFacts, now: Date): Decision {
  const { rules, payments } = facts;
  const kin = kinshipReason(facts);
  if (kin) return { kind: 'refuse', reason: kin };
  if (payments.some(({ isDisputed }) => isDisputed)) return { kind: 'refuse', reason: 'disputed' };
  const term = after(facts.signedUpAt, rules.payWithinDays);
  const enoughAt = paidEnoughAt(payments, rules.requiredPayments);
  if (enoughAt === undefined || enoughAt > term) {
    if (now < term) return { kind: 'wait', until: term, reason: null };
    const reason = payments.some(({ returned }) => returned > 0n) ? 'refunded' : 'not_paid_in_time';
    return { kind: 'refuse', reason };
  }
  const earnsAt = after(enoughAt, rules.waitingDays);
  if (now < earnsAt) return { kind: 'wait', until: earnsAt, reason: null };
  return decideDue(facts, now);
}

/** Enough is paid, and has stayed so. */
function decideDue(
  { rules, isOnHold, isActive, earnedThisMonth }: ReferralFacts,
  now: Date,
): Decision {
  // Neither is for good: it is looked at again tomorrow.
  const tomorrow = after(now, 1);
  if (isOnHold) return { kind: 'wait', until: tomorrow, reason: 'payments_on_hold' };
  if (!isActive) return { kind: 'wait', until: tomorrow, reason: 'not_active' };
  if (earnedThisMonth >= rules.monthlyMax) return { kind: 'refuse', reason: 'monthly_cap' };
  return { kind: 'earn' };
}

/** Decides whether what was earned is taken back; undefined where it stays. */
export function decideEarned(facts: Pick<ReferralFacts, 'rules' | 'payments'>): Reason | undefined {
  if (facts.payments.some(({ isDisputed }) => isDisputed)) return 'disputed';
  return keptOf(facts.payments) < facts.rules.requiredPayments ? 'refunded' : undefined;
}

function kinshipReason(facts: ReferralFacts): Reason | undefined {
  const { kinshipWithInviter: near, kinshipWithAncestors: far } = facts;
  if (near.includes('person')) return 'self_referral';
  if (near.includes('payer')) return 'same_payer';
  if (near.includes('device')) return 'same_device';
  if (near.includes('address')) return 'same_address';
  return far.length > 0 ? 'ring' : undefined;
}

/** When what is kept of the payments first came to so much; payments that went back do not count from their beginning. */
function paidEnoughAt(payments: readonly PaidFact[], required: bigint): Date | undefined {
  let sum = 0n;
  const inOrder = [...payments].sort((a, b) => a.at.getTime() - b.at.getTime());
  for (const { amount, returned, at } of inOrder) {
    sum += amount - returned;
    if (sum >= required) return at;
  }
  return undefined;
}
