import type { Executor } from '../../../platform/database/pool.ts';
import { Refusal } from '../../../platform/errors.ts';
import {
  currentPlanVersion,
  findPlanVersion,
  isOfferedTo,
  type PlanVersion,
} from '../../catalog/index.ts';
import type { NewLine } from '../../invoicing/index.ts';
import { type AddOn, addWithin } from '../core/add-ons.ts';
import type { Subscription } from '../core/record.ts';
import { addOnTerms } from './plan-add-ons.ts';
import { usedWithin } from './used-by-now.ts';

interface AddOnsPlan {
  effect: 'now' | 'period_end';
  lines: NewLine[];
  addOns: AddOn[];
}

/**
 * What so many of an add-on cost now: more of it the share of the period that is left, fewer nothing, for what is paid is
 * had until the period ends. Who has it keeps the version that was bought.
 * @throws Refusal `plan_unavailable`, `rule_violated`.
 */
export async function setAddOn(
  executor: Executor,
  subscription: Subscription,
  { plan, quantity, at }: { plan: string; quantity: number; at: Date },
): Promise<AddOnsPlan> {
  const { state, addOns } = subscription;
  const had = addOns.find(({ terms }) => terms.planId === plan || terms.planSlug === plan);
  const others = addOns.filter((one) => one !== had);
  const count = had?.terms.quantity ?? 0;
  if (had && quantity < count) {
    const fewer = { ...had, nextQuantity: quantity };
    return { effect: 'period_end', lines: [], addOns: [...others, fewer] };
  }
  if (quantity === count) {
    if (had && had.nextQuantity !== null) {
      return { effect: 'now', lines: [], addOns: [...others, { ...had, nextQuantity: null }] };
    }
    throw new Refusal('rule_violated', 'You have so many of it already: say how many you want.', {
      param: 'quantity',
    });
  }
  const version = await requireAddOn(executor, subscription, { plan, had });
  const to = addOnTerms(version, state.terms, quantity);
  if (!to) throw notSoldWith(version, subscription);
  const open = await usedWithin(executor, subscription, { windows: to.windows, at });
  const { lines, addOn } = addWithin(state, had, { to, open, at });
  return { effect: 'now', lines, addOns: [...others, addOn] };
}

async function requireAddOn(
  executor: Executor,
  { organizationId }: Subscription,
  { plan, had }: { plan: string; had: AddOn | undefined },
): Promise<PlanVersion> {
  const version = had
    ? await findPlanVersion(executor, had.terms.planId, had.terms.version)
    : await currentPlanVersion(executor, plan);
  const isOnOffer =
    version?.status === 'active' &&
    version.offer.addonOf !== null &&
    isOfferedTo(version.offer, organizationId);
  if (version && isOnOffer) return version;
  throw new Refusal('plan_unavailable', `There is no add-on "${plan}" on offer: choose another.`, {
    param: 'plan',
  });
}

function notSoldWith({ slug }: PlanVersion, { state }: Subscription): Refusal {
  const { planSlug, cycle, currency } = state.terms;
  return new Refusal(
    'rule_violated',
    `"${slug}" is not sold on top of "${planSlug}" by the ${cycle} in ${currency}: choose another.`,
    { param: 'plan' },
  );
}
