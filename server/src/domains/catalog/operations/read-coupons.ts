/** Lists of coupons; nothing is decided here. */
import type { Context } from '../../../platform/context.ts';
import { notFound } from '../../../platform/errors.ts';
import { type PageRequest, pageOf, readCursor } from '../../../platform/http/pages.ts';
import { presentCoupon } from '../core/coupon.ts';
import {
  type CouponRow,
  findCoupon,
  listCouponRows,
  listRedemptionRows,
} from '../coupons-store.ts';

export async function listCoupons(
  context: Context,
  query: PageRequest & { status?: 'active' | 'archived' | undefined },
) {
  const page = { before: readCursor(query), limit: query.limit + 1 };
  const rows = await listCouponRows(context.database, { status: query.status, ...page });
  return pageOf(rows, query, ({ id }) => id, presentCoupon);
}

/** @throws Refusal `not_found`. */
export async function getCoupon(context: Context, id: string) {
  return presentCoupon(await requireCoupon(context, id));
}

/**
 * Who redeemed a coupon, the newest first: what it was redeemed for has an id that tells the time.
 * @throws Refusal `not_found`.
 */
export async function listRedemptions(context: Context, id: string, query: PageRequest) {
  const { id: couponId } = await requireCoupon(context, id);
  const page = { before: readCursor(query), limit: query.limit + 1 };
  const rows = await listRedemptionRows(context.database, { couponId, ...page });
  return pageOf(
    rows,
    query,
    ({ reference }) => reference,
    ({ organization_id: organization, reference, redeemed_at: at }) => ({
      ...{ organization, reference },
      redeemed_at: at.toISOString(),
    }),
  );
}

async function requireCoupon(context: Context, id: string): Promise<CouponRow> {
  const row = await findCoupon(context.database, id);
  if (!row) throw notFound('coupon');
  return row;
}
