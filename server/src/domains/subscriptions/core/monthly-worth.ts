/** What a subscription is worth a month: its part of the MRR. */
import {
  add,
  greatest,
  multiply,
  one,
  type Ratio,
  roundHalfUp,
  subtract,
  zero,
} from '../../../platform/ratio.ts';
import { isEndless } from './agreed-terms.ts';
import { monthlyAmount } from './direction.ts';
import type { SubscriptionStatus } from './lifecycle.ts';
import type { AppliedCoupon, Subscription } from './record.ts';
import { priceOf, type SubscriptionTerms } from './subscription.ts';

/** Whoever has canceled pays until the end of the period; what is overdue is hoped for until it is given up. */
const paying: readonly SubscriptionStatus[] = ['active', 'past_due', 'canceled'];

/**
 * In minor units of its currency, rounded half up once: the agreed prices of plan, seats and add-ons by the month, less a
 * discount that never ends. A trial, a pause and what is paid once are worth nothing a month.
 */
export function monthlyWorth({
  state,
  addOns,
  coupon,
  trialEndsAt,
}: Pick<Subscription, 'state' | 'addOns' | 'coupon' | 'trialEndsAt'>): bigint {
  if (!paying.includes(state.status)) return 0n;
  if (trialEndsAt !== null && state.period.from < trialEndsAt) return 0n;
  const plan = discounted(state.terms, coupon);
  const all = addOns.map(({ terms }) => discounted(terms, coupon)).reduce(add, plan);
  return roundHalfUp(all);
}

function discounted(terms: SubscriptionTerms, coupon: AppliedCoupon | null): Ratio {
  if (isEndless(terms)) return zero;
  const { interval } = terms;
  const whole = monthlyAmount({ amount: priceOf(terms), interval });
  if (!coupon || coupon.invoicesLeft !== null) return whole;
  const { discount } = coupon;
  if (discount.kind === 'percentage') return multiply(whole, subtract(one, discount.share));
  return greatest(zero, subtract(whole, monthlyAmount({ amount: discount.amount, interval })));
}
