import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { parseQuantity } from '../../../platform/quantity.ts';
import { compare, floor, multiply, ratio } from '../../../platform/ratio.ts';
import { findPlanVersion } from '../../catalog/index.ts';
import { endPlanWithin, givePlan, type RunningLimit } from '../../entitlements/index.ts';
import { isServed } from '../core/lifecycle.ts';
import type { Subscription } from '../core/record.ts';
import type { SubscriptionState } from '../core/subscription.ts';

/** Gives or ends the plan as the subscription's state says, within the transaction that makes it so. */
export async function servePlan(
  context: Context,
  transaction: Transaction,
  { organizationId, state, isSuspended, addOns }: Subscription,
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
    quantity: terms.quantity,
    startsAt: context.clocks.business(),
    // What is canceled ends by itself, even where nothing runs.
    endsAt: state.status === 'canceled' ? period.to : null,
    anchorAt,
    running: {
      until: period.to,
      limits: await runningLimits(transaction, state, context.clocks.business()),
    },
    addOns: await Promise.all(
      addOns.map(async (addOn) => ({
        planId: addOn.terms.planId,
        version: addOn.terms.version,
        quantity: addOn.terms.quantity,
        running: {
          until: period.to,
          limits: await runningLimits(transaction, addOn, context.clocks.business()),
        },
      })),
    ),
  });
}

/** Where a change has paid for a share only: limits of windows that are the period, and of those that run within it. */
async function runningLimits(
  transaction: Transaction,
  {
    terms,
    granted,
    grantedWindows,
  }: Pick<SubscriptionState, 'terms' | 'granted' | 'grantedWindows'>,
  now: Date,
): Promise<RunningLimit[]> {
  const plan = await findPlanVersion(transaction, terms.planId, terms.version);
  return (plan?.terms.quotas ?? []).flatMap((quota): RunningLimit[] => {
    const { meter: meterId, window, limit, unit } = quota;
    if (limit === null) return [];
    const parts = ratio(parseQuantity('1', unit) ?? 1n);
    const running = grantedWindows.find(
      (of) => of.meterId === meterId && of.window === window && of.until > now,
    );
    if (running) {
      const { amount, until } = running;
      return [{ meterId, window, until, limit: floor(multiply(amount, parts)) }];
    }
    if (terms.interval.count !== 1 || window !== terms.interval.unit) return [];
    const amount = granted.find((of) => of.meterId === meterId)?.amount;
    const included = terms.included.find((of) => of.meterId === meterId)?.amount;
    if (!amount || !included || compare(amount, included) === 0) return [];
    return [{ meterId, window, limit: floor(multiply(amount, parts)) }];
  });
}
