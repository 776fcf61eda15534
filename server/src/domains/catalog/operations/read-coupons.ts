/** Lists of coupons; nothing is decided here. */
import type { Context } from '../../../platform/context.ts';
import { notFound } from '../../../platform/errors.ts';
import { type PageRequest, pageOf, readCursor } from '../../../platform/http/pages.ts';
import { presentCoupon } from '../core/coupon.ts';
import { findCoupon, listCouponRows } from '../coupons-store.ts';

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
  const row = await findCoupon(context.database, id);
  if (!row) throw notFound('coupon');
  return presentCoupon(row);
}
