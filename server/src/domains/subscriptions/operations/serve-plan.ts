import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { parseQuantity } from '../../../platform/quantity.ts';
import { compare, floor, multiply, ratio } from '../../../platform/ratio.ts';
import { findPlanVersion } from '../../catalog/index.ts';
import { endPlanWithin, givePlan } from '../../entitlements/index.ts';
import { isServed } from '../core/lifecycle.ts';
import type { Subscription } from '../core/record.ts';
import type { SubscriptionState } from '../core/subscription.ts';

/** Gives or ends the plan as the subscription's state says, within the transaction that makes it so. */
export async function servePlan(
  context: Context,
  transaction: Transaction,
  { organizationId, state, isSuspended }: Subscription,
): Promise<void> {
  if (isSuspended || !isServed(state.status)) {
    await endPlanWithin(context, transaction, organizationId);
    return;
  }
  const { terms, period, anchorAt } = state;
  await givePlan(context, transaction, {
    organizationId,
    planId: terms.planId,
    version: terms.version,
    startsAt: context.clocks.business(),
    // What is canceled ends by itself, even where nothing runs.
    endsAt: state.status === 'canceled' ? period.to : null,
    anchorAt,
    running: { until: period.to, limits: await runningLimits(transaction, state) },
  });
}

/** Where a change has paid for a share only: limits of windows that are the period, until it ends. */
async function runningLimits(
  transaction: Transaction,
  { terms, granted }: SubscriptionState,
): Promise<{ meterId: string; window: 'day' | 'month' | 'year'; limit: bigint }[]> {
  const { interval } = terms;
  if (interval.count !== 1 || interval.unit === 'week') return [];
  const window = interval.unit;
  const plan = await findPlanVersion(transaction, terms.planId, terms.version);
  return (plan?.terms.quotas ?? []).flatMap((quota) => {
    if (quota.window !== window || quota.limit === null) return [];
    const amount = granted.find(({ meterId }) => meterId === quota.meter)?.amount;
    const included = terms.included.find(({ meterId }) => meterId === quota.meter)?.amount;
    if (!amount || !included || compare(amount, included) === 0) return [];
    const parts = ratio(parseQuantity('1', quota.unit) ?? 1n);
    return [{ meterId: quota.meter, window, limit: floor(multiply(amount, parts)) }];
  });
}
