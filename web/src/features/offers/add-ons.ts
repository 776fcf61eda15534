/** Add-ons: plans that are sold on top of others. */
import type { Plan, PlanPrice } from './offer.ts';

export interface OfferedAddOn {
  plan: Plan;
  /** In the cycle and currency of the subscription that it would be had with. */
  price: PlanPrice;
}

/** What can be had by itself. */
export function ownPlans(plans: readonly Plan[]): Plan[] {
  return plans.filter(({ addon_of: addonOf }) => addonOf === null);
}

/** What is sold on top of a subscription's plan. */
export function addOnsFor(
  plans: readonly Plan[],
  subscription: { plan: { slug: string }; billing_cycle: string; currency: string },
): OfferedAddOn[] {
  return plans.flatMap((plan) => {
    const price = plan.prices.find(
      ({ billing_cycle: cycle, currency }) =>
        cycle === subscription.billing_cycle && currency === subscription.currency,
    );
    const isSold = plan.addon_of?.includes(subscription.plan.slug) ?? false;
    return isSold && price ? [{ plan, price }] : [];
  });
}
