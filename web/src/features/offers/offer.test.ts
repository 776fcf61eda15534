import { describe, expect, test } from 'vitest';
import {
  chargesOf,
  currenciesOf,
  cyclesOf,
  groupsOf,
  type PlanCharge,
  type PlanPrice,
  priceFor,
} from './offer.ts';

function price(currency: string, cycle: string, amount = '1.00'): PlanPrice {
  const [count = '1', unit = cycle] = /^(\d+)_(\w+)s$/.exec(cycle)?.slice(1) ?? [];
  const interval = unit as PlanPrice['interval'];
  const fees = { setup_fee: '0.00', minimum_commitment: null };
  return {
    ...{ currency, interval, amount, ...fees },
    interval_count: Number(count),
    billing_cycle: cycle,
  };
}

const pro = {
  prices: [price('USD', 'month'), price('USD', 'year'), price('CNY', 'year')],
};

describe('cyclesOf', () => {
  test('names each cycle once, the shortest first', () => {
    const other = {
      prices: [price('USD', 'once'), price('USD', '3_months'), price('USD', 'week')],
    };
    expect(cyclesOf([pro, other])).toEqual(['week', 'month', '3_months', 'year', 'once']);
  });
});

test('each currency is offered once', () => {
  expect(currenciesOf([pro, pro])).toEqual(['USD', 'CNY']);
});

describe('priceFor', () => {
  test.each([
    [{ cycle: 'year', currency: 'USD' }, 'USD', 'year'],
    [{ cycle: 'month', currency: 'CNY' }, 'CNY', 'year'],
    [{ cycle: 'month', currency: 'EUR' }, 'USD', 'month'],
    [{}, 'USD', 'month'],
  ])('%j is %s by the %s', (choice, currency, cycle) => {
    expect(priceFor(pro, choice)).toMatchObject({ currency, billing_cycle: cycle });
  });

  test('a plan without a price is not for sale', () => {
    expect(priceFor({ prices: [] }, {})).toBeUndefined();
  });
});

test('a charge that names no currency goes with every price', () => {
  const each: PlanCharge = { model: 'per_unit', meter: 'requests', unit_amount: '0.1' };
  const yuan: PlanCharge = { ...each, currency: 'CNY' };
  expect(chargesOf({ charges: [each, yuan] }, 'USD')).toEqual([each]);
  expect(chargesOf({ charges: [each, yuan] }, 'CNY')).toEqual([each, yuan]);
});

test('plans of no application come first', () => {
  const medical = { application: { id: 'app_1', slug: 'medical' } };
  const own = { application: null };
  expect(groupsOf([medical, own, medical])).toEqual([
    { application: null, plans: [own] },
    { application: 'medical', plans: [medical, medical] },
  ]);
});
