/** SQL of coupons. */
import type { Selectable } from 'kysely';
import type { Executor, Transaction } from '../../platform/database/pool.ts';

type CouponTables = {
  catalog_coupons: {
    id: string;
    code: string;
    name: string;
    percent: string | null;
    amount_minor: bigint | null;
    currency: string | null;
    duration: 'once' | 'repeating' | 'forever';
    periods: number | null;
    redemptions_max: number | null;
    redemptions_per_organization_max: number | null;
    redemptions: number;
    plans: string[] | null;
    expires_at: Date | null;
    status: 'active' | 'archived';
    created_at: Date;
    updated_at: Date;
  };
  catalog_coupon_redemptions: {
    coupon_id: string;
    organization_id: string;
    reference: string;
    redeemed_at: Date;
  };
};

export type CouponRow = Selectable<CouponTables['catalog_coupons']>;

const tables = (executor: Executor) => executor.withTables<CouponTables>();

/** Adds a coupon; false where the code is taken. */
export async function insertCoupon(executor: Executor, row: CouponRow): Promise<boolean> {
  const added = await tables(executor)
    .insertInto('catalog_coupons')
    .values(row)
    .onConflict((conflict) => conflict.column('code').doNothing())
    .returning('id')
    .executeTakeFirst();
  return added !== undefined;
}

/** By its id or code, which cannot be mistaken for each other. */
export async function findCoupon(
  executor: Executor,
  idOrCode: string,
): Promise<CouponRow | undefined> {
  return byName(executor, idOrCode).executeTakeFirst();
}

export async function lockCoupon(
  transaction: Transaction,
  idOrCode: string,
): Promise<CouponRow | undefined> {
  return byName(transaction, idOrCode).forUpdate().executeTakeFirst();
}

function byName(executor: Executor, idOrCode: string) {
  return tables(executor)
    .selectFrom('catalog_coupons')
    .selectAll()
    .where(({ or, eb }) => or([eb('id', '=', idOrCode), eb('code', '=', idOrCode.toUpperCase())]));
}

/** Changes what may change; how often it was redeemed is `countRedemption`'s. */
export async function saveCoupon(executor: Executor, row: CouponRow): Promise<void> {
  const { id, redemptions: _counted, ...changes } = row;
  await tables(executor).updateTable('catalog_coupons').set(changes).where('id', '=', id).execute();
}

/** The newest first. */
export async function listCouponRows(
  executor: Executor,
  filter: {
    status?: 'active' | 'archived' | undefined;
    before?: string | undefined;
    limit: number;
  },
): Promise<CouponRow[]> {
  let query = tables(executor)
    .selectFrom('catalog_coupons')
    .selectAll()
    .orderBy('id', 'desc')
    .limit(filter.limit);
  if (filter.status) query = query.where('status', '=', filter.status);
  if (filter.before !== undefined) query = query.where('id', '<', filter.before);
  return query.execute();
}

/**
 * The newest first.
 * @scope deployment: operators see who used a coupon.
 */
export async function listRedemptionRows(
  executor: Executor,
  filter: { couponId: string; before?: string | undefined; limit: number },
): Promise<Selectable<CouponTables['catalog_coupon_redemptions']>[]> {
  let query = tables(executor)
    .selectFrom('catalog_coupon_redemptions')
    .selectAll()
    .where('coupon_id', '=', filter.couponId)
    .orderBy('reference', 'desc')
    .limit(filter.limit);
  if (filter.before !== undefined) query = query.where('reference', '<', filter.before);
  return query.execute();
}

export async function countRedemptionsOf(
  executor: Executor,
  { couponId, organizationId }: { couponId: string; organizationId: string },
): Promise<number> {
  const { count } = await tables(executor)
    .selectFrom('catalog_coupon_redemptions')
    .select(({ fn }) => fn.countAll<bigint>().as('count'))
    .where('coupon_id', '=', couponId)
    .where('organization_id', '=', organizationId)
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** Counts one redemption of a locked coupon; one reference counts once. */
export async function countRedemption(
  transaction: Transaction,
  redemption: { couponId: string; organizationId: string; reference: string; at: Date },
): Promise<void> {
  const { couponId, organizationId, reference, at } = redemption;
  const counted = await tables(transaction)
    .insertInto('catalog_coupon_redemptions')
    .values({
      coupon_id: couponId,
      organization_id: organizationId,
      reference,
      redeemed_at: at,
    })
    .onConflict((conflict) => conflict.columns(['coupon_id', 'reference']).doNothing())
    .returning('coupon_id')
    .executeTakeFirst();
  if (!counted) return;
  await tables(transaction)
    .updateTable('catalog_coupons')
    .set(({ eb }) => ({ redemptions: eb('redemptions', '+', 1) }))
    .where('id', '=', couponId)
    .execute();
}
