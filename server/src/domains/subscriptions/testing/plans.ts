/** Plans whose sums can be told by heart, and changes to them, for tests. */
import { formatRatio, type Ratio, ratio, sum, zero } from '../../../platform/ratio.ts';
import type { NewLine } from '../../invoicing/index.ts';
import { type ChangePlan, planChange, type SubscriptionChange } from '../core/plan-change.ts';
import { beginSubscription } from '../core/renewal.ts';
import type { SubscriptionState, SubscriptionTerms } from '../core/subscription.ts';

export const at = (text: string) => new Date(text.length === 10 ? `${text}T00:00:00Z` : text);
export const meterId = 'mtr_requests';

/** A plan whose price is a cent for each request that it includes. */
export function plan(cents: number, changes: Partial<SubscriptionTerms> = {}): SubscriptionTerms {
  return {
    planId: `pln_${cents}`,
    version: 1,
    planSlug: `plan-${cents}`,
    planName: `Plan ${cents}`,
    cycle: 'month',
    currency: 'USD',
    price: ratio(BigInt(cents)),
    interval: { unit: 'month', count: 1 },
    quantity: 1,
    proration: 'second',
    refund: 'unused',
    included: [{ meterId, amount: ratio(BigInt(cents)) }],
    windows: [],
    ...changes,
  };
}

export function begun(terms: SubscriptionTerms, from = at('2026-05-01'), timeZone = 'UTC') {
  const options = { at: from, timeZone, trialDays: 0, setupFee: zero };
  return { ...beginSubscription(terms, options).next, status: 'active' as const };
}

export function used(count: number): { meterId: string; amount: Ratio }[] {
  return [{ meterId, amount: ratio(BigInt(count)) }];
}

export function allowed(plan: ChangePlan): Extract<ChangePlan, { allowed: true }> {
  if (!plan.allowed) throw new Error(plan.reason);
  return plan;
}

export function apply(state: SubscriptionState, change: SubscriptionChange, when: string | Date) {
  return allowed(planChange(state, change, typeof when === 'string' ? at(when) : when));
}

export const totalOf = (lines: readonly NewLine[]) => sum(lines.map(({ amount }) => amount));
export const cents = (value: Ratio) => formatRatio(value, 2);
export const codesOf = (lines: readonly NewLine[]) => lines.map(({ text }) => text.code);
export const grantOf = (state: SubscriptionState) => state.granted[0]?.amount ?? zero;
