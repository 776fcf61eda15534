import { describe, expect, test } from 'vitest';
import { type Charge, chargeFormOf, toChargeBody } from './charge-form.ts';
import { emptyOffer, type Offer, offerFormOf, toOfferFields } from './offer-form.ts';

const price = {
  currency: 'USD',
  interval: 'month',
  interval_count: 3,
  billing_cycle: '3_months',
  amount: '29.99',
  setup_fee: '10.00',
  minimum_commitment: '100.00',
} as const;
const offer: Offer = {
  prices: [price],
  trial_days: 14,
  setup_fee: '10.00',
  charges: [],
  proration: 'day',
  refund: 'unused',
  overage: 'wallet',
  visible_to: 'public',
  addon_of: null,
};

describe('toOfferFields', () => {
  test('sends back what a plan says, with the setup fee at each price', () => {
    expect(toOfferFields(offerFormOf(offer))).toEqual({
      prices: [
        {
          currency: 'USD',
          interval: 'month',
          interval_count: 3,
          amount: '29.99',
          setup_fee: '10.00',
          minimum_commitment: '100.00',
        },
      ],
      trial_days: 14,
      setup_fee: '0',
      charges: [],
      proration: 'day',
      refund: 'unused',
      overage: 'wallet',
      visible_to: 'public',
      addon_of: null,
    });
  });

  test('what is paid once has no number of intervals', () => {
    const prices = [{ currency: 'USD', interval: 'once', interval_count: 3, amount: '5' } as const];
    const [sent] = toOfferFields({ ...emptyOffer, prices }).prices;
    expect(sent).not.toHaveProperty('interval_count');
  });

  test('an add-on names the plans that it is sold on top of', () => {
    const form = offerFormOf({ ...offer, addon_of: ['pro'] });
    expect(toOfferFields(form).addon_of).toEqual(['pro']);
    expect(toOfferFields({ ...form, addon_of: [] }).addon_of).toBeNull();
  });

  test('a plan for nobody in particular is public, whoever was chosen before', () => {
    const visible_to = ['org_1', undefined, ''];
    expect(toOfferFields({ ...emptyOffer, visible_to }).visible_to).toBe('public');
    expect(toOfferFields({ ...emptyOffer, audience: 'named', visible_to }).visible_to).toEqual([
      'org_1',
    ]);
  });
});

describe('toChargeBody', () => {
  const charges: Charge[] = [
    { meter: 'requests', name: 'Requests', model: 'per_unit', unit_amount: '0.01' },
    { meter: 'requests', name: 'Requests', model: 'flat', amount: '5', currency: 'USD' },
    { meter: 'requests', name: 'Requests', model: 'package', size: '1000', amount: '2' },
    {
      meter: 'requests',
      name: 'Requests',
      model: 'graduated',
      tiers: [
        { up_to: '100', unit_amount: '0', flat_amount: '1' },
        { up_to: null, unit_amount: '0.02', per: '10' },
      ],
      charge_flat_at_zero: true,
      free_units: '10',
      minimum_spend: '1',
    },
    {
      meter: 'volume',
      name: 'Payments',
      model: 'percentage',
      rate: '1.2',
      fixed_amount: '0.3',
      free_events: 3,
      per_event_maximum: '5',
    },
    { meter: 'tokens', name: 'Tokens', model: 'tokens', per_million: { input: '3' }, markup: '20' },
    { meter: 'tokens', name: 'Tokens', model: 'dynamic', multiplier: '1.1', discount: '5' },
  ];

  test.each(charges)('$model comes back as it was', (charge) => {
    expect(toChargeBody(chargeFormOf(charge))).toEqual(charge);
  });

  test('leaves out what was typed for another model', () => {
    const form = { meter: 'requests', model: 'per_unit', unit_amount: '1', amount: '9' } as const;
    expect(toChargeBody({ ...form, tiers: [{ unit_amount: '2' }], name: '' })).toEqual({
      meter: 'requests',
      model: 'per_unit',
      unit_amount: '1',
    });
  });
});
