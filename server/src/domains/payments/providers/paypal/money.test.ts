import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import {
  isCollectable,
  readAmount,
  readSignedAmount,
  takenCurrencies,
  writeAmount,
} from './money.ts';

describe('writeAmount', () => {
  it.each<[bigint, string, string | undefined]>([
    [1n, 'USD', '0.01'],
    [100n, 'USD', '1.00'],
    [123_456n, 'EUR', '1234.56'],
    [1990n, 'JPY', '1990'],
    [199_000n, 'HUF', '1990'],
    [199_000n, 'TWD', '1990'],
    [199_050n, 'TWD', undefined],
    [99_999_999_999n, 'USD', '999999999.99'],
    [100_000_000_000n, 'USD', undefined],
    [0n, 'USD', undefined],
    [-1n, 'USD', undefined],
    [100n, 'CNY', undefined],
    [1000n, 'KWD', undefined],
    [100n, 'constructor', undefined],
  ])('%s minor units of %s are %s', (minor, currency, value) => {
    expect(writeAmount({ minor, currency })?.value).toBe(value);
    expect(isCollectable({ minor, currency })).toBe(value !== undefined);
  });
});

describe('readAmount', () => {
  it.each([
    ...['0.00', '-1.00', '1e3', '10.001', '１０', '10,00', ' 10.00', '10.00 ', '', '.50', '1.'],
    ...['010.00', '0x10', 'NaN', 'Infinity', '+1.00', '1000000000.00'],
  ])('takes %j for no amount', (value) => {
    expect(readAmount({ currency_code: 'USD', value })).toBeUndefined();
  });

  it('knows no cents of a yen and no half forints', () => {
    expect(readAmount({ currency_code: 'JPY', value: '10.50' })).toBeUndefined();
    expect(readAmount({ currency_code: 'HUF', value: '10.50' })).toBeUndefined();
    expect(readAmount({ currency_code: 'JPY', value: '10.00' })).toEqual({
      minor: 10n,
      currency: 'JPY',
    });
  });

  it('reads signs only where there can be one', () => {
    expect(readSignedAmount({ currency_code: 'USD', value: '-0.59' })?.minor).toBe(-59n);
    expect(readSignedAmount({ currency_code: 'USD', value: '0.00' })?.minor).toBe(0n);
  });

  it.each([...['CNY', 'KWD', 'usd', '', 'toString']])('does not know the currency %j', (code) => {
    expect(readAmount({ currency_code: code, value: '10.00' })).toBeUndefined();
  });

  test.prop([fc.bigInt({ min: 1n, max: 99_999_999_999n }), fc.constantFrom(...takenCurrencies)])(
    'brings back what was written, in every currency',
    (minor, currency) => {
      const written = writeAmount({ minor, currency });
      fc.pre(written !== undefined);
      expect(written && readAmount(written)).toEqual({ minor, currency });
    },
  );
});
