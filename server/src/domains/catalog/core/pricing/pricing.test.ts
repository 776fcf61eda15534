import { describe, expect, test } from 'vitest';
import {
  divide,
  formatRatio,
  parseRatio,
  type Ratio,
  ratio,
  sum,
} from '../../../../platform/ratio.ts';
import { type Charge, difference, type PricingModel, rateCharge } from './charge.ts';
import type { Tier } from './tier.ts';

const r = parseRatio;
const tier = (upTo: string | null, unit: string, flat = '0', per?: string): Tier => ({
  upTo: upTo === null ? null : r(upTo),
  unitAmount: r(unit),
  flatAmount: r(flat),
  ...(per === undefined ? {} : { per: r(per) }),
});
const cost = (charge: Charge | PricingModel, quantity: string, events?: string[]): string => {
  const whole = 'model' in charge ? { pricing: charge } : charge;
  const usage = { quantity: r(quantity), ...(events ? { events: events.map(r) } : {}) };
  return formatRatio(rateCharge(whole, usage).amount, 9);
};
/** Amounts of many quantities at once. */
const costs = (charge: Charge | PricingModel, ...quantities: string[]) =>
  quantities.map((quantity) => Number(cost(charge, quantity)));

describe('graduated', () => {
  const lago: PricingModel = {
    model: 'graduated',
    tiers: [tier('10', '10', '2'), tier('20', '5', '3'), tier(null, '5', '3')],
  };
  test('adds up the tiers, with the flat amount of each that is reached', () => {
    expect(costs(lago, '0', '1', '10', '11', '12', '21')).toEqual([2, 12, 102, 110, 115, 163]);
  });
  test('takes no flat amount for nothing where the plan says so', () => {
    expect(costs({ ...lago, chargesFlatAtZero: false }, '0', '1')).toEqual([0, 12]);
  });
  test('splits a quantity between the tiers', () => {
    const tiers = [tier('1000', '0.01'), tier('10000', '0.008'), tier(null, '0.005')];
    expect(cost({ model: 'graduated', tiers }, '15000')).toBe('107');
  });
  test('sells lots within tiers, the begun one in full', () => {
    const tiers = [tier('1000', '1', '0', '100'), tier(null, '1', '0', '1000')];
    expect(cost({ model: 'graduated', tiers }, '5325')).toBe('15');
  });
  test('has tiers that cost nothing but their flat amount', () => {
    const tiers = [tier('5', '0', '100'), tier('10', '0', '50'), tier('15', '5'), tier(null, '1')];
    const pricing: PricingModel = { model: 'graduated', tiers };
    expect(cost(pricing, '22')).toBe('182');
    expect(Number(cost(pricing, '22')) - Number(cost(pricing, '12'))).toBe(22);
  });
});

describe('volume', () => {
  test('prices all units by the tier of the whole; a fraction above a bound is in the next', () => {
    const tiers = [tier('100', '2', '10'), tier('200', '1'), tier(null, '0.5', '50')];
    expect(costs({ model: 'volume', tiers }, '0', '1', '100', '100.5', '101', '200')).toEqual([
      10, 12, 210, 100.5, 101, 200,
    ]);
  });
  test('can cost less for more', () => {
    const tiers = [
      tier('5', '0', '100'),
      tier('10', '0', '150'),
      tier('15', '10'),
      tier(null, '5'),
    ];
    const quantities = ['0', '3', '5', '14', '15', '16', '100'];
    expect(costs({ model: 'volume', tiers }, ...quantities)).toEqual([
      100, 100, 100, 140, 150, 80, 500,
    ]);
    const least: Charge = { pricing: { model: 'volume', tiers }, minimumSpend: r('150') };
    expect(costs(least, '0', '5')).toEqual([150, 150]);
  });
  test('is rated anew and differenced', () => {
    const pricing: PricingModel = { model: 'volume', tiers: [tier('15', '10'), tier(null, '5')] };
    const before = rateCharge({ pricing }, { quantity: r('15') });
    const after = rateCharge({ pricing }, { quantity: r('16') });
    expect(difference(after, before.amount)).toEqual(ratio(-70n));
  });
  test('sells lots in its tier', () => {
    const tiers = [tier('10000', '1', '0', '1000'), tier(null, '0.0006')];
    expect(costs({ model: 'volume', tiers }, '4500', '65000')).toEqual([5, 39]);
  });
});

describe('package', () => {
  test.each([
    ['5', '100', '100', '201', '10'],
    ['100', '10', '0', '121', '1300'],
    ['100', '10', '10', '121', '1200'],
    ['100', '10', '200', '121', '0'],
  ])('%s per %s with %s free costs %4$s', (amount, size, freeUnits, quantity, expected) => {
    const pricing: PricingModel = {
      ...{ model: 'package', amount: r(amount), size: r(size), freeUnits: r(freeUnits) },
    };
    expect(cost(pricing, quantity)).toBe(expected);
  });
});

describe('percentage', () => {
  const events = ['50', '100', '250', '400'];
  const base = { model: 'percentage', rate: r('0.013'), fixedAmount: r('2') } as const;
  test('charges events beyond the free ones', () => {
    const pricing: PricingModel = {
      ...{ model: 'percentage', rate: r('0.012'), fixedAmount: r('0.10') },
      ...{ freeEvents: 3, freeTotal: r('500') },
    };
    expect(cost(pricing, '400', ['200', '100', '100'])).toBe('0');
    expect(cost(pricing, '450', ['200', '100', '100', '50'])).toBe('0.7');
  });
  test('charges the event that crosses the free total for what lies beyond', () => {
    expect(cost({ ...base, freeEvents: 3, freeTotal: r('250') }, '800', events)).toBe('11.15');
    expect(cost({ ...base, freeEvents: 3 }, '800', events)).toBe('7.2');
    expect(cost(base, '800', events)).toBe('18.4');
    expect(cost({ ...base, rate: r('0') }, '800', events)).toBe('8');
  });
  test('bounds each event by itself', () => {
    const pricing: PricingModel = {
      ...{ model: 'percentage', rate: r('0.01') },
      ...{ perEventMinimum: r('1'), perEventMaximum: r('5') },
    };
    expect(cost(pricing, '1250', ['50', '200', '1000'])).toBe('8');
  });
});

describe('graduated percentage', () => {
  const tiers = [tier('10', '0.01', '200'), tier('20', '0.02', '300'), tier(null, '0.03', '400')];
  test('takes a share by tiers', () => {
    const quantities = ['0', '1', '10', '11', '12', '21'];
    expect(costs({ model: 'graduated_percentage', tiers }, ...quantities)).toEqual([
      200, 200.01, 200.1, 500.12, 500.14, 900.33,
    ]);
  });
  test('is differenced as events arrive', () => {
    const bounds = [
      ...[tier('1000', '0.01', '200'), tier('10000', '0.02', '300'), tier(null, '0.03', '400')],
    ];
    const pricing: PricingModel = {
      ...{ model: 'graduated_percentage', tiers: bounds, chargesFlatAtZero: false },
    };
    const totals = costs(pricing, '0', '500', '1050', '5050');
    const each = totals.slice(1).map((total, index) => total - (totals[index] ?? 0));
    expect(each).toEqual([205, 306, 80]);
  });
});

describe('dynamic', () => {
  test('passes prices on with a markup, within the maximum', () => {
    const pricing: PricingModel = { model: 'dynamic', multiplier: r('1.33333') };
    expect(cost(pricing, '10')).toBe('13.3333');
    const capped: Charge = { pricing, maximumSpend: r('100') };
    const before = rateCharge(capped, { quantity: divide(r('93.33'), r('1.33333')) });
    const after = rateCharge(capped, { quantity: r('1000') });
    expect(formatRatio(difference(after, before.amount), 2)).toBe('6.67');
  });
});

describe('tokens', () => {
  const price = (input: string, output: string, markup?: string): PricingModel => ({
    model: 'tokens',
    perMillion: { input: r(input), output: r(output) },
    ...(markup === undefined ? {} : { markup: r(markup) }),
  });
  test.each([
    [price('5', '15'), 10_000n, 5_000n, '0.125'],
    [price('10', '30', '0.5'), 8_000n, 2_000n, '0.21'],
    [price('10', '20', '0.05'), 10_000n, 5_000n, '0.21'],
    [price('10', '20', '0.3'), 10_000n, 5_000n, '0.26'],
  ])('adds up the positions', (pricing, input, output, expected) => {
    const rated = rateCharge({ pricing }, { quantity: r('0'), tokens: { input, output } });
    expect(formatRatio(rated.amount, 9)).toBe(expected);
  });
});

describe('a charge', () => {
  const pricing: PricingModel = { model: 'per_unit', unitAmount: r('0.05') };
  test('lets units off, then discounts, then bounds', () => {
    expect(cost(pricing, '1000')).toBe('50');
    expect(cost({ pricing, freeUnits: r('200') }, '1000')).toBe('40');
    expect(cost({ pricing, freeUnits: r('200') }, '100')).toBe('0');
    const charge: Charge = { pricing, discount: r('0.5'), maximumSpend: r('20') };
    expect(cost(charge, '1000')).toBe('20');
    expect(cost(charge, '600')).toBe('15');
  });
  test('has steps that add up to its amount', () => {
    const charge: Charge = { pricing, discount: r('0.1'), minimumSpend: r('60') };
    const rated = rateCharge(charge, { quantity: r('1000') });
    expect(rated.steps.map(({ kind }) => kind)).toEqual(['units', 'discount', 'minimum']);
    expect(sum(rated.steps.map(({ amount }): Ratio => amount))).toEqual(rated.amount);
  });
});
