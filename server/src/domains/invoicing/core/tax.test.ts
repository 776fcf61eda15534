import { describe, expect, test } from 'vitest';
import { type TaxRate, taxationOf } from './tax.ts';

const rate = (id: string, country: string, percent: string, validFrom: string): TaxRate => ({
  ...{ id, country, name: 'VAT', rate: percent, isInclusive: false },
  validFrom: new Date(validFrom),
});
const rates = [
  rate('txr_1', 'DE', '19', '2007-01-01T00:00:00Z'),
  rate('txr_2', 'DE', '16', '2020-07-01T00:00:00Z'),
  rate('txr_3', 'DE', '19', '2021-01-01T00:00:00Z'),
  rate('txr_4', 'FR', '20', '2014-01-01T00:00:00Z'),
  rate('txr_5', 'GR', '24', '2016-06-01T00:00:00Z'),
];

describe('taxationOf', () => {
  test.each([
    ['the seller’s own country', 'DE', null, '2026-03-04', 'taxed', '19'],
    ['the rate of that day', 'DE', null, '2020-08-01', 'taxed', '16'],
    ['no rate yet', 'FR', null, '2013-12-31', 'untaxed', undefined],
    ['a consumer in another country of the area', 'FR', null, '2026-03-04', 'taxed', '20'],
    ['a business there', 'FR', 'FR40303265045', '2026-03-04', 'reverse_charge', undefined],
    [
      'a business there, as people write it',
      'FR',
      'fr 40 303.265.045',
      '2026-03-04',
      'reverse_charge',
      undefined,
    ],
    ['a Greek business', 'GR', 'EL123456789', '2026-03-04', 'reverse_charge', undefined],
    ['the tax id of yet another country', 'FR', 'ATU12345678', '2026-03-04', 'taxed', '20'],
    ['no tax id at all', 'FR', 'none', '2026-03-04', 'taxed', '20'],
    ['a business at home', 'DE', 'DE123456789', '2026-03-04', 'taxed', '19'],
    ['a country outside, without a rate', 'US', 'US12', '2026-03-04', 'untaxed', undefined],
    ['a customer who names no country', null, null, '2026-03-04', 'taxed', '19'],
  ])('%s', (_what, country, taxId, day, treatment, expected) => {
    const taxation = taxationOf({
      seller: { country: 'DE' },
      customer: { country, taxId },
      isExempt: false,
      rates,
      at: new Date(`${day}T00:00:00Z`),
    });
    expect(taxation.treatment).toBe(treatment);
    expect(taxation.rate?.rate).toBe(expected);
  });

  test('an exempt customer pays none', () => {
    const question = { seller: { country: 'DE' }, customer: { country: 'DE', taxId: null }, rates };
    expect(taxationOf({ ...question, isExempt: true, at: new Date('2026-03-04') })).toEqual({
      treatment: 'exempt',
      rate: null,
    });
  });
});
