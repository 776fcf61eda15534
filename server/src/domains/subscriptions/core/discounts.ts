/** What a coupon takes off a subscription's invoices. */
import {
  divide,
  isPositive,
  isZero,
  least,
  multiply,
  one,
  sum,
  zero,
} from '../../../platform/ratio.ts';
import type { Discount, NewLine } from '../../invoicing/index.ts';
import type { AppliedCoupon } from './record.ts';
import { priceOf, type SubscriptionTerms } from './subscription.ts';

/** Of the invoice of a whole period. */
export function periodDiscounts(coupon: AppliedCoupon | null): Discount[] {
  return coupon ? [coupon.discount] : [];
}

/**
 * Of what a change charges and gives back: a percentage of all of it. An amount is for a period, so each part has the
 * share of it that the part is of its own price: who goes up within a period has it once, and who ends one gets back
 * what was paid, not the price.
 */
export function changeDiscounts(
  coupon: AppliedCoupon | null,
  change: {
    from: SubscriptionTerms;
    to: SubscriptionTerms;
    /** The plan's own time, and all that is invoiced with it. */
    timed: readonly NewLine[];
    lines: readonly NewLine[];
  },
): Discount[] {
  if (!coupon) return [];
  const { discount } = coupon;
  if (discount.kind === 'percentage') return [discount];
  const discounted = change.timed.map(({ amount }) => {
    const price = priceOf(isPositive(amount) ? change.to : change.from);
    return isZero(price) ? zero : multiply(least(one, divide(discount.amount, price)), amount);
  });
  const whole = sum(change.lines.map(({ amount }) => amount));
  const part = sum(discounted);
  // As a share, so that it can also be given back.
  return isZero(whole) || isZero(part) ? [] : [{ kind: 'percentage', share: divide(part, whole) }];
}

/** The coupon in the period that follows; a trial uses nothing of it up. */
export function couponAfter(coupon: AppliedCoupon | null, wasTrial: boolean): AppliedCoupon | null {
  if (!coupon || coupon.invoicesLeft === null || wasTrial) return coupon;
  return coupon.invoicesLeft <= 1 ? null : { ...coupon, invoicesLeft: coupon.invoicesLeft - 1 };
}
