/** What plans cost: which of their prices is meant by a cycle and a currency. */
import type { Answer } from '../../api/call.ts';

export type Plan = Answer<'listPlans'>['data'][number];
export type PlanPrice = Plan['prices'][number];
export type PlanCharge = Plan['charges'][number];

export interface PriceChoice {
  cycle?: string | undefined;
  currency?: string | undefined;
}

const unitDays: Record<PlanPrice['interval'], number> = {
  day: 1,
  week: 7,
  month: 30,
  year: 365,
  once: 100_000,
};

/** Cycles that any of the plans is sold by, the shortest first. */
export function cyclesOf(plans: readonly Pick<Plan, 'prices'>[]): string[] {
  const prices = plans.flatMap((plan) => plan.prices);
  const lengths = new Map(prices.map((price) => [price.billing_cycle, lengthOf(price)]));
  return [...lengths].sort(([, one], [, other]) => one - other).map(([cycle]) => cycle);
}

/** Only for the order of cycles. */
function lengthOf({ interval, interval_count: count }: PlanPrice): number {
  return unitDays[interval] * count;
}

export function currenciesOf(plans: readonly Pick<Plan, 'prices'>[]): string[] {
  return [...new Set(plans.flatMap(({ prices }) => prices.map(({ currency }) => currency)))];
}

/**
 * The price that fits best: of the cycle and currency that were chosen; else another cycle of that currency; else what
 * the plan has. Undefined for a plan that is not for sale.
 */
export function priceFor(
  { prices }: Pick<Plan, 'prices'>,
  { cycle, currency }: PriceChoice,
): PlanPrice | undefined {
  const inCurrency = prices.filter((price) => price.currency === currency);
  const candidates = inCurrency.length > 0 ? inCurrency : prices;
  return candidates.find((price) => price.billing_cycle === cycle) ?? candidates[0];
}

/** What is charged for use with a price: a charge that names no currency goes with every price. */
export function chargesOf(plan: Pick<Plan, 'charges'>, currency: string | undefined): PlanCharge[] {
  return plan.charges.filter((charge) => !charge.currency || charge.currency === currency);
}

/** Plans of the deployment itself, then those of each application, in the order they came. */
export function groupsOf<P extends Pick<Plan, 'application'>>(
  plans: readonly P[],
): { application: string | null; plans: P[] }[] {
  const groups = new Map<string | null, P[]>();
  for (const plan of plans) {
    const key = plan.application?.slug ?? null;
    groups.set(key, [...(groups.get(key) ?? []), plan]);
  }
  return [...groups]
    .map(([application, members]) => ({ application, plans: members }))
    .sort((one, other) => Number(one.application !== null) - Number(other.application !== null));
}
