import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { readMoney, writeMoney } from '../providers/credit/money.ts';
import { convertMinor, isRate } from './exchange.ts';

describe('convertMinor', () => {
  it.each([
    [2000n, 'USD', '7.2', 'LDC', 14400n],
    [1n, 'USD', '7.2', 'LDC', 7n],
    [5n, 'USD', '0.1', 'LDC', 1n],
    [100n, 'JPY', '0.0476', 'LDC', 476n],
    [1000n, 'KWD', '3.25', 'USD', 325n],
    [3000n, 'CNY', '0.138888888888888889', 'USD', 417n],
    [100n, 'USD', '150', 'JPY', 150n],
  ])('%s of %s at %s is %s %s', (minor, currency, rate, to, expected) => {
    expect(convertMinor({ minor, currency }, rate, to)?.minor).toBe(expected);
  });

  it('refuses to sell something for nothing', () => {
    expect(convertMinor({ minor: 1n, currency: 'CNY' }, '0.1', 'USD')).toBeUndefined();
    expect(convertMinor({ minor: 0n, currency: 'CNY' }, '0.1', 'USD')?.minor).toBe(0n);
  });

  it.each(['0', '0.00', '-1', '1e3', '', '.5', '1.', ' 1', '１'])(
    'takes no rate of "%s"',
    (rate) => {
      expect(isRate(rate)).toBe(false);
      expect(convertMinor({ minor: 1n, currency: 'USD' }, rate, 'LDC')).toBeUndefined();
    },
  );

  test.prop([fc.bigInt(0n, 10n ** 14n), fc.integer({ min: 1, max: 10 ** 9 })])(
    'is never more than half a minor unit off',
    (minor, thousandths) => {
      const rate = `${Math.floor(thousandths / 1000)}.${String(thousandths % 1000).padStart(3, '0')}`;
      const converted = convertMinor({ minor, currency: 'USD' }, rate, 'LDC')?.minor ?? 0n;
      const off = 2n * (converted * 1000n - minor * BigInt(thousandths));
      expect(off <= 1000n && off > -1000n).toBe(true);
    },
  );
});

describe('readMoney', () => {
  test.prop([fc.bigInt(1n, 10n ** 11n - 1n)])('reads what writeMoney wrote', (minor) => {
    const money = { minor, currency: 'LDC' };
    expect(readMoney(writeMoney(money), 'LDC')).toEqual(money);
  });
});
