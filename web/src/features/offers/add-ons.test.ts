import { describe, expect, test } from 'vitest';
import { addOnsFor, ownPlans } from './add-ons.ts';
import type { Plan } from './offer.ts';

const price = (billing_cycle: string, currency: string) => ({ billing_cycle, currency });
const plan = (slug: string, addon_of: string[] | null, prices = [price('month', 'USD')]) =>
  ({ slug, addon_of, prices }) as unknown as Plan;

const plans = [
  plan('pro', null),
  plan('more', ['pro'], [price('year', 'USD'), price('month', 'USD')]),
  plan('yearly', ['pro'], [price('year', 'USD')]),
  plan('other', ['free']),
];

describe('add-ons', () => {
  test('are no plans of their own', () => {
    expect(ownPlans(plans).map(({ slug }) => slug)).toEqual(['pro']);
  });

  test('are offered with their plans, in the cycle and currency of the subscription', () => {
    const subscription = { plan: { slug: 'pro' }, ...price('month', 'USD') };
    const offered = addOnsFor(plans, subscription);
    expect(offered.map((one) => [one.plan.slug, one.price.billing_cycle])).toEqual([
      ['more', 'month'],
    ]);
  });
});
