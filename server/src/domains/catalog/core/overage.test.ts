import { describe, expect, test } from 'vitest';
import { one, ratio } from '../../../platform/ratio.ts';
import type { StoredPrice } from './offer.ts';
import { decideOverage, overageCharges, refuseOverage } from './overage.ts';
import type { StoredQuota } from './quota-terms.ts';

const quota: StoredQuota = {
  ...{
    meter: 'mtr_1',
    reference: 'lab.scans',
    unit: 'gb',
    window: 'month',
    anchor: 'subscription',
  },
  ...{ limit: '2500000000', hard: true, overage_price: '1.00' },
};
const price: StoredPrice = {
  ...{ currency: 'USD', interval: 'month', interval_count: 1, amount: '10' },
  ...{ setup_fee: null, minimum_commitment: null },
};
const prices = [price];

describe('decideOverage', () => {
  test('leaves quotas without a price as they are', () => {
    const plain = { ...quota, overage_price: null };
    expect(decideOverage([plain], { prices: [] })).toEqual([plain]);
  });

  test('lets what is invoiced refuse nothing, and what is paid from the wallet refuse the unpaid', () => {
    expect(decideOverage([quota], { overage: 'invoice', prices })).toEqual([
      { ...quota, hard: false },
    ]);
    expect(decideOverage([quota], { overage: 'wallet', prices: [] })).toEqual([quota]);
  });

  test.each([
    ['overage_price', {}, { overage: 'refuse', prices }],
    ['limit', { limit: null }, { overage: 'wallet', prices }],
    ['hard', { hard: false }, { overage: 'wallet', prices }],
    ['overage_price', {}, { overage: 'invoice', prices: [] }],
    ['overage_price', {}, { overage: 'invoice', prices: [price, { ...price, currency: 'CNY' }] }],
    ['window', { window: 'day' }, { overage: 'invoice', prices }],
    ['window', {}, { overage: 'invoice', prices: [{ ...price, interval_count: 3 }] }],
    ['anchor', { anchor: 'calendar' }, { overage: 'invoice', prices }],
  ] as const)('names %s of %o where it cannot be charged', (field, changes, offer) => {
    const decide = () =>
      decideOverage([{ ...quota, ...changes }], { ...offer, prices: [...offer.prices] });
    expect(decide).toThrow(
      expect.objectContaining({ code: 'rule_violated', param: `quotas.0.${field}` }),
    );
  });
});

test('a package sells nothing past its quotas', () => {
  expect(() => refuseOverage([quota])).toThrow(
    expect.objectContaining({ param: 'quotas.0.overage_price' }),
  );
  expect(refuseOverage([{ ...quota, overage_price: null }])).toHaveLength(1);
});

test('what is invoiced past a limit is a charge whose included units are free', () => {
  expect(overageCharges([quota], { overage: 'wallet' })).toEqual([]);
  expect(overageCharges([quota], { overage: 'invoice' })).toEqual([
    {
      ...{ meterId: 'mtr_1', meter: 'lab.scans', name: 'lab.scans', currency: null },
      charge: { pricing: { model: 'per_unit', unitAmount: one }, freeUnits: ratio(5n, 2n) },
    },
  ]);
});
