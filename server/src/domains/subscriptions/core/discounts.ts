/** What a coupon takes off a subscription's invoices. */
import { divide, isZero, least, one } from '../../../platform/ratio.ts';
import type { Discount } from '../../invoicing/index.ts';
import type { AppliedCoupon } from './record.ts';
import { priceOf, type SubscriptionTerms } from './subscription.ts';

/** Of the invoice of a whole period. */
export function periodDiscounts(coupon: AppliedCoupon | null): Discount[] {
  return coupon ? [coupon.discount] : [];
}

/**
 * Of what a change charges and gives back within a period that the coupon has discounted: the same share of it, also
 * where the coupon is an amount.
 */
export function changeDiscounts(
  coupon: AppliedCoupon | null,
  terms: SubscriptionTerms,
): Discount[] {
  if (!coupon) return [];
  if (coupon.discount.kind === 'percentage') return [coupon.discount];
  const price = priceOf(terms);
  if (isZero(price)) return [];
  return [{ kind: 'percentage', share: least(one, divide(coupon.discount.amount, price)) }];
}

/** The coupon in the period that follows; a trial uses nothing of it up. */
export function couponAfter(coupon: AppliedCoupon | null, wasTrial: boolean): AppliedCoupon | null {
  if (!coupon || coupon.invoicesLeft === null || wasTrial) return coupon;
  return coupon.invoicesLeft <= 1 ? null : { ...coupon, invoicesLeft: coupon.invoicesLeft - 1 };
}
