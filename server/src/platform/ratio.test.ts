import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  add,
  ceiling,
  compare,
  divide,
  formatRatio,
  isZero,
  multiply,
  parseRatio,
  ratio,
  roundHalfUp,
  subtract,
  sum,
  truncate,
} from './ratio.ts';

const ratios = fc
  .tuple(fc.bigInt({ min: -10_000n, max: 10_000n }), fc.bigInt({ min: 1n, max: 500n }))
  .map(([numerator, denominator]) => ratio(numerator, denominator));

describe('ratio', () => {
  test('is in lowest terms with a positive denominator', () => {
    expect(ratio(6n, -4n)).toEqual({ numerator: -3n, denominator: 2n });
    expect(ratio(0n, -7n)).toEqual({ numerator: 0n, denominator: 1n });
  });

  test('three thirds of anything are the whole', () => {
    fc.assert(
      fc.property(ratios, (value) => {
        const third = divide(value, ratio(3n));
        expect(sum([third, third, third])).toEqual(value);
      }),
    );
  });

  test('adding and subtracting, multiplying and dividing undo each other', () => {
    fc.assert(
      fc.property(ratios, ratios, (a, b) => {
        expect(subtract(add(a, b), b)).toEqual(a);
        if (!isZero(b)) expect(divide(multiply(a, b), b)).toEqual(a);
        expect(Math.sign(compare(a, b)) + Math.sign(compare(b, a))).toBe(0);
      }),
    );
  });
});

describe('rounding', () => {
  test.each([
    ['0.175', 18n, 17n, 18n],
    ['0.174', 17n, 17n, 18n],
    ['-0.175', -18n, -17n, -17n],
    ['2', 200n, 200n, 200n],
  ])('%s in hundredths', (text, halfUp, truncated, ceiled) => {
    const hundredths = multiply(parseRatio(text), ratio(100n));
    expect([roundHalfUp(hundredths), truncate(hundredths), ceiling(hundredths)]).toEqual([
      halfUp,
      truncated,
      ceiled,
    ]);
  });

  test('formats with as many decimals as are needed, up to the most', () => {
    expect(formatRatio(parseRatio('100.50'), 9)).toBe('100.5');
    expect(formatRatio(ratio(1n, 3n), 4)).toBe('0.3333');
    expect(formatRatio(ratio(-2n, 3n), 4)).toBe('-0.6667');
    expect(formatRatio(ratio(7n), 0)).toBe('7');
  });
});
