/** Brings what is sold up to date with the catalog's file: plans, packages and coupons. */
import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { Refusal } from '../../../platform/errors.ts';
import { compare, parseRatio } from '../../../platform/ratio.ts';
import { couponEntry, packageEntry, planEntry } from '../core/pricing-entries.ts';
import { isSameJson } from '../core/same-json.ts';
import { type CouponRow, findCoupon } from '../coupons-store.ts';
import { findPlan } from '../plans-store.ts';
import type { PricingFile } from '../pricing-schema.ts';
import { listPackagesByName } from '../store.ts';
import type { PricingChange } from './apply-pricing.ts';
import { createCouponWithin, discountOf, updateCouponWithin } from './create-coupon.ts';
import { createPackageWithin } from './create-package.ts';
import { createPlanWithin, updatePlanWithin } from './create-plan.ts';
import { resolveOwner } from './resolve-application.ts';
import { added, compared } from './sync-pricing.ts';
import { completePlan } from './sync-template.ts';
import { updatePackageWithin } from './update-package.ts';

export async function syncPricedPlan(
  context: Context,
  transaction: Transaction,
  entry: PricingFile['plans'][number],
): Promise<PricingChange> {
  const { slug, application = null, status, ...terms } = entry;
  const owner = await resolveOwner(transaction, application);
  const before = await findPlan(transaction, slug);
  if (!before) {
    const made = await createPlanWithin(context, transaction, owner, { slug, ...terms });
    if (status === 'archived') await updatePlanWithin(context, transaction, made.id, { status });
    return added('plan', slug);
  }
  if (before.application_id !== owner.applicationId) {
    const whose = before.application_slug ? `of "${before.application_slug}"` : 'the deployment’s';
    throw new Refusal(
      'rule_violated',
      `It is ${whose}, which never changes: choose another slug.`,
      { param: application === null ? 'slug' : 'application' },
    );
  }
  const after = await updatePlanWithin(context, transaction, before.id, {
    ...completePlan(terms),
    sort_order: terms.sort_order ?? 0,
    status,
  });
  return {
    ...compared('plan', slug, planEntry(before), planEntry(after)),
    ...(after.version > before.version && { version: after.version }),
  };
}

/** Packages are known by their names: those on sale have one each, where a file is kept. */
export async function syncPackage(
  context: Context,
  transaction: Transaction,
  { status, ...entry }: PricingFile['packages'][number],
): Promise<PricingChange> {
  const [before, other] = await listPackagesByName(transaction, entry.name);
  if (!before) {
    const made = await createPackageWithin(context, transaction, entry);
    if (status === 'archived') await updatePackageWithin(context, transaction, made.id, { status });
    return added('package', entry.name);
  }
  if (other?.status === 'active') {
    throw new Refusal(
      'rule_violated',
      `There are several packages "${entry.name}" on sale: archive all but one first.`,
      { param: 'name' },
    );
  }
  const after = await updatePackageWithin(context, transaction, before.id, {
    ...entry,
    description: entry.description ?? null,
    currency: entry.currency ?? context.config.currency,
    quotas: entry.quotas ?? [],
    sort_order: entry.sort_order ?? 0,
    status,
  });
  return compared('package', entry.name, packageEntry(before), packageEntry(after));
}

export async function syncCoupon(
  context: Context,
  transaction: Transaction,
  { status, ...entry }: PricingFile['coupons'][number],
): Promise<PricingChange> {
  const { code } = entry;
  const before = await findCoupon(transaction, code);
  if (!before) {
    const made = await createCouponWithin(context, transaction, entry);
    if (status === 'archived') await updateCouponWithin(context, transaction, made.id, { status });
    return added('coupon', code);
  }
  refuseToGiveOtherwise(before, entry);
  const after = await updateCouponWithin(context, transaction, before.id, {
    name: entry.name ?? code,
    redemptions_max: entry.redemptions_max ?? null,
    redemptions_per_organization_max: entry.redemptions_per_organization_max ?? null,
    expires_at: entry.expires_at ?? null,
    status,
  });
  return compared('coupon', code, couponEntry(before), couponEntry(after));
}

/** What a coupon gives never changes: it has been promised. */
function refuseToGiveOtherwise(
  before: CouponRow,
  entry: Omit<PricingFile['coupons'][number], 'status'>,
): void {
  const { percent, amount_minor, currency } = discountOf(entry);
  const isSamePercent =
    percent === before.percent ||
    (percent !== null &&
      before.percent !== null &&
      compare(parseRatio(percent), parseRatio(before.percent)) === 0);
  const same = {
    percent: isSamePercent,
    amount: amount_minor === before.amount_minor,
    currency: currency === before.currency,
    duration: entry.duration === before.duration,
    periods: (entry.periods ?? null) === before.periods,
    plans: isSameJson(entry.plans ?? null, before.plans),
  };
  for (const [field, isSame] of Object.entries(same)) {
    if (isSame) continue;
    throw new Refusal(
      'rule_violated',
      'What a coupon gives has been promised and never changes: choose another code.',
      { param: field },
    );
  }
}
