import type { Coupon } from '@sluice/contract/coupons';
import type { z } from 'zod';
import type { Executor } from '../../../platform/database/pool.ts';
import { decideCoupon, presentCoupon } from '../core/coupon.ts';
import { countRedemptionsOf, findCoupon } from '../coupons-store.ts';

/** A coupon that the organization could redeem now with some plan, whichever that is; it is not counted. */
export async function offerCoupon(
  executor: Executor,
  { code, organizationId, now }: { code: string; organizationId: string; now: Date },
): Promise<z.output<typeof Coupon> | undefined> {
  const coupon = isCode(code) ? await findCoupon(executor, code.toUpperCase()) : undefined;
  const redeemed = await countRedemptionsOf(executor, {
    ...{ couponId: coupon?.id ?? '', organizationId },
  });
  if (!coupon) return undefined;
  const { plans, currency } = coupon;
  const ask = { planSlug: plans?.[0] ?? '', currency: currency ?? '', now, redeemed };
  return decideCoupon(coupon, ask).allowed ? presentCoupon(coupon) : undefined;
}

/** Anything else would be no query: the database refuses some characters. */
function isCode(code: string): boolean {
  return /^[A-Z0-9][A-Z0-9_-]{2,39}$/i.test(code);
}
