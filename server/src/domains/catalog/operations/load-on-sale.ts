import type { Executor } from '../../../platform/database/pool.ts';
import { Refusal } from '../../../platform/errors.ts';
import { listCouponRows } from '../coupons-store.ts';
import { listPlanRows } from '../plans-store.ts';
import { entriesMax } from '../pricing-schema.ts';
import { listPackageRows } from '../store.ts';

/** All that is on sale. @throws Refusal `rule_violated` where that is more than a file can say. */
export async function loadOnSale(executor: Executor) {
  const filter = { status: 'active', limit: entriesMax + 1 } as const;
  const onSale = {
    plans: asShown(await listPlanRows(executor, filter), ({ slug }) => slug),
    packages: asShown(await listPackageRows(executor, filter), ({ name }) => name),
    coupons: sortedBy(await listCouponRows(executor, filter), ({ code }) => code),
  };
  for (const [kind, rows] of Object.entries(onSale)) {
    if (rows.length <= entriesMax) continue;
    throw new Refusal(
      'rule_violated',
      `There are more than ${entriesMax} ${kind} on sale: archive those that nobody buys.`,
    );
  }
  return onSale;
}

export function sortedBy<T>(all: readonly T[], keyOf: (one: T) => string): T[] {
  return [...all].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

/** In the operator's order, and by name where that says nothing, so that the same catalog is the same text. */
function asShown<T extends { sort_order: number }>(
  all: readonly T[],
  nameOf: (one: T) => string,
): T[] {
  return sortedBy(all, nameOf).sort((a, b) => a.sort_order - b.sort_order);
}
