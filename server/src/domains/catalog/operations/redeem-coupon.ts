import type { Context } from '../../../platform/context.ts';
import type { Executor, Transaction } from '../../../platform/database/pool.ts';
import { Refusal } from '../../../platform/errors.ts';
import { recordAudit } from '../../audit/index.ts';
import { type CouponUse, decideCoupon } from '../core/coupon.ts';
import {
  type CouponRow,
  countRedemption,
  countRedemptionsOf,
  findCoupon,
  lockCoupon,
} from '../coupons-store.ts';

export interface CouponRequest {
  code: string;
  organizationId: string;
  planSlug: string;
  currency: string;
}

/**
 * What a coupon would take off, without counting it.
 * @throws Refusal `coupon_invalid`, saying why.
 */
export async function checkCoupon(
  executor: Executor,
  request: CouponRequest & { now: Date },
): Promise<CouponUse> {
  const coupon = await findCoupon(executor, request.code);
  return requireUse(executor, coupon, request);
}

/**
 * Redeems a coupon in the transaction of what it is for, under the coupon's lock: any number at once never redeem it more
 * often than it may be. The same reference counts once.
 * @throws Refusal `coupon_invalid`, saying why.
 */
export async function redeemCoupon(
  context: Context,
  transaction: Transaction,
  request: CouponRequest & { reference: string },
): Promise<CouponUse> {
  const { organizationId, reference } = request;
  const now = context.clocks.business();
  const coupon = await lockCoupon(transaction, request.code);
  const use = await requireUse(transaction, coupon, { ...request, now });
  const couponId = coupon?.id ?? '';
  await countRedemption(transaction, { couponId, organizationId, reference, at: now });
  await recordAudit(context, transaction, {
    organizationId,
    action: 'coupon.redeem',
    resource: { kind: 'coupon', id: couponId },
    newValues: { code: use.code, reference },
  });
  return use;
}

async function requireUse(
  executor: Executor,
  coupon: CouponRow | undefined,
  request: CouponRequest & { now: Date },
): Promise<CouponUse> {
  const { organizationId, planSlug, currency, now } = request;
  if (!coupon) throw invalid(`There is no coupon "${request.code}": check its letters.`);
  const redeemed = await countRedemptionsOf(executor, { couponId: coupon.id, organizationId });
  const decision = decideCoupon(coupon, { planSlug, currency, now, redeemed });
  if (!decision.allowed) throw invalid(decision.sentence);
  return decision.use;
}

function invalid(sentence: string): Refusal {
  return new Refusal('coupon_invalid', sentence, { param: 'coupon' });
}
