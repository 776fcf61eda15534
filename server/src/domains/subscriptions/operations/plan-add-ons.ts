/** What becomes of a subscription's add-ons as it is changed, renewed or ended. */
import type { Executor } from '../../../platform/database/pool.ts';
import { findPlanVersion, priceOf as offeredPrice, type PlanVersion } from '../../catalog/index.ts';
import type { NewLine } from '../../invoicing/index.ts';
import {
  type AddOn,
  beginWith,
  beyondPlan,
  endNow,
  renewWith,
  stateOf,
  timesIncluded,
  type UsedOfAddOn,
} from '../core/add-ons.ts';
import { agreedTerms } from '../core/agreed-terms.ts';
import { isOtherPeriod } from '../core/period.ts';
import type { Subscription } from '../core/record.ts';
import type { SubscriptionState, SubscriptionTerms } from '../core/subscription.ts';
import { usedSince, usedWithin } from './used-by-now.ts';

export interface PlannedAddOns {
  lines: NewLine[];
  addOns: AddOn[];
}

/** With the periods that begin: so many as were asked for; what is not sold with the plan any more ends. */
export async function renewAddOns(
  executor: Executor,
  addOns: readonly AddOn[],
  next: SubscriptionState,
): Promise<PlannedAddOns> {
  const planned = await Promise.all(
    addOns.map(async (addOn) => {
      if (next.status === 'expired') return { lines: [], addOns: [] };
      const to = await termsWith(executor, addOn, next.terms);
      const renewed = to && renewWith(next, addOn, to);
      return { lines: renewed?.lines ?? [], addOns: renewed ? [renewed.addOn] : [] };
    }),
  );
  return together(planned);
}

/** As the subscription changes now to its next state. */
export async function changeAddOns(
  executor: Executor,
  subscription: Subscription,
  { next, at }: { next: SubscriptionState; at: Date },
): Promise<PlannedAddOns> {
  const { state, addOns } = subscription;
  const beginsAnew = isOtherPeriod(next.period, state.period);
  if (beginsAnew && at >= state.period.to) return renewAddOns(executor, addOns, next);
  const isOver = next.status === 'expired';
  const isOther = next.terms.planId !== state.terms.planId;
  if (!beginsAnew && !isOver && !isOther) return { lines: [], addOns: [...addOns] };
  const planned = await Promise.all(
    addOns.map(async (addOn) => {
      const to = isOver ? undefined : await termsWith(executor, addOn, next.terms);
      if (to && !beginsAnew) return { lines: [], addOn };
      const used = await usedOf(executor, subscription, { addOn, at });
      return to
        ? beginWith(state, addOn, { to, ...used, at })
        : endNow(state, addOn, { ...used, at });
    }),
  );
  return together(planned.map(({ lines, addOn }) => ({ lines, addOns: addOn ? [addOn] : [] })));
}

/** Its price in the plan's cycle and currency; undefined where it is not sold with it, or none is wanted. */
async function termsWith(
  executor: Executor,
  { terms, nextQuantity }: AddOn,
  base: SubscriptionTerms,
): Promise<SubscriptionTerms | undefined> {
  const quantity = nextQuantity ?? terms.quantity;
  const version = await findPlanVersion(executor, terms.planId, terms.version);
  return version && quantity > 0 ? addOnTerms(version, base, quantity) : undefined;
}

export function addOnTerms(
  version: PlanVersion,
  { planSlug, cycle, currency }: SubscriptionTerms,
  quantity: number,
): SubscriptionTerms | undefined {
  const isSold = version.offer.addonOf?.includes(planSlug) ?? false;
  const price = isSold ? offeredPrice(version.offer, { cycle, currency }) : undefined;
  return price && timesIncluded(agreedTerms(version, price, quantity));
}

async function usedOf(
  executor: Executor,
  subscription: Subscription,
  { addOn, at }: { addOn: AddOn; at: Date },
): Promise<UsedOfAddOn> {
  const { state } = subscription;
  const own = { ...subscription, state: stateOf(state, addOn) };
  const { windows } = addOn.terms;
  const [used, open] = await Promise.all([
    usedSince(executor, own, at),
    usedWithin(executor, own, { windows, at }),
  ]);
  return beyondPlan(state, { used, open });
}

function together(planned: readonly PlannedAddOns[]): PlannedAddOns {
  return {
    lines: planned.flatMap(({ lines }) => lines),
    addOns: planned.flatMap(({ addOns }) => addOns),
  };
}
