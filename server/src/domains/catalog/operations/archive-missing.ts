import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import type { EntryKind } from '../core/pricing-entries.ts';
import type { PricingFile } from '../pricing-schema.ts';
import type { PricingChange } from './apply-pricing.ts';
import { updateCouponWithin } from './create-coupon.ts';
import { updatePlanWithin } from './create-plan.ts';
import { loadOnSale } from './load-on-sale.ts';
import { updatePackageWithin } from './update-package.ts';

const status = 'archived' as const;

/** Takes off sale what a file does not name. What was counted and given stays: meters, features and applications do. */
export async function archiveMissing(
  context: Context,
  transaction: Transaction,
  file: PricingFile,
): Promise<PricingChange[]> {
  const { plans, packages, coupons } = await loadOnSale(transaction);
  const changes: PricingChange[] = [];
  const archived = (kind: EntryKind, name: string): PricingChange => ({
    ...{ change: 'archived', kind, name, fields: [] },
  });
  const slugs = new Set(file.plans.map(({ slug }) => slug));
  for (const { id, slug } of plans.filter((plan) => !slugs.has(plan.slug))) {
    await updatePlanWithin(context, transaction, id, { status });
    changes.push(archived('plan', slug));
  }
  const names = new Set(file.packages.map(({ name }) => name));
  for (const { id, name } of packages.filter((one) => !names.has(one.name))) {
    await updatePackageWithin(context, transaction, id, { status });
    changes.push(archived('package', name));
  }
  const codes = new Set(file.coupons.map(({ code }) => code));
  for (const { id, code } of coupons.filter((coupon) => !codes.has(coupon.code))) {
    await updateCouponWithin(context, transaction, id, { status });
    changes.push(archived('coupon', code));
  }
  return changes;
}
