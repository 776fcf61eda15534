import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import {
  divideHalfUp,
  exponentOf,
  formatMinor,
  formatNanos,
  fromMinor,
  parseAmount,
  parseMinor,
  parseNanos,
  toMinorExact,
} from './money.ts';

const nanos = fc.bigInt({ min: -(10n ** 18n) + 1n, max: 10n ** 18n - 1n });
const currency = fc.constantFrom('USD', 'CNY', 'JPY', 'KWD', 'LDC');

describe('nano-units', () => {
  property.prop([nanos])('survive being written and read', (amount) => {
    expect(parseNanos(formatNanos(amount))).toBe(amount);
  });

  test.each([
    ['0', '0.00'],
    ['1', '1.00'],
    ['-0.000000001', '-0.000000001'],
    ['29.99', '29.99'],
    ['0.1234', '0.1234'],
  ])('%s is written %s', (text, written) => {
    expect(formatNanos(parseNanos(text))).toBe(written);
  });

  test.each(['', '1.', '.5', '1e3', 'NaN', '１０', '1.0000000001', '+1'])(
    '"%s" is a bug to parse',
    (text) => {
      expect(() => parseNanos(text)).toThrow(/invariant broken/);
    },
  );

  test('an amount out of range is refused with its field', () => {
    expect(() => parseAmount('1000000000', 'price')).toThrow(
      expect.objectContaining({ code: 'amount_out_of_range', param: 'price' }),
    );
  });
});

describe('minor units', () => {
  property.prop([fc.bigInt({ min: 0n, max: 10n ** 9n - 1n }), currency])(
    'survive every exponent',
    (minor, code) => {
      const money = { minor, currency: code };
      expect(toMinorExact(fromMinor(money))).toEqual(money);
      expect(parseMinor(formatMinor(money), code)).toEqual(money);
    },
  );

  test('have the currency’s own decimals', () => {
    expect(['USD', 'JPY', 'KWD', 'LDC'].map(exponentOf)).toEqual([2, 0, 3, 2]);
    expect(formatMinor({ minor: 1234n, currency: 'JPY' })).toBe('1234');
    expect(formatMinor({ minor: 1234n, currency: 'KWD' })).toBe('1.234');
  });

  test('refuse what is finer than they are', () => {
    expect(() => parseMinor('1.005', 'USD')).toThrow(/USD has 2 decimals/);
    expect(() => parseMinor('1.5', 'JPY')).toThrow(/JPY has 0 decimals/);
  });
});

describe('divideHalfUp', () => {
  test.each([
    [0n, 3n, 0n],
    [1n, 3n, 0n],
    [1n, 2n, 1n],
    [3n, 2n, 2n],
    [5n, 3n, 2n],
  ])('%d / %d is %d', (numerator, denominator, result) => {
    expect(divideHalfUp(numerator, denominator)).toBe(result);
  });
});
