import { test as propertyTest } from '@fast-check/vitest';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatQuantity, parseQuantity, quantityAdvice } from './quantity.ts';

describe('parseQuantity', () => {
  test.each([
    ['100', 'count', 100n],
    ['100.00', 'count', 100n],
    ['1.5', 'gb', 1_500_000_000n],
    ['-0.5', 'gb', -500_000_000n],
    ['0.000000001', 'money', 1n],
    ['9223372036854775807', 'tokens', 9_223_372_036_854_775_807n],
  ] as const)('reads %s of %s', (text, unit, expected) => {
    expect(parseQuantity(text, unit)).toBe(expected);
  });

  test.each([
    ['1.5', 'count'],
    ['0.0000000001', 'gb'],
    ['9223372036854775808', 'tokens'],
    ['9223372037', 'gb'],
    ['1e3', 'count'],
    ['', 'count'],
  ] as const)('does not take %s of %s', (text, unit) => {
    expect(parseQuantity(text, unit)).toBeUndefined();
  });
});

describe('formatQuantity', () => {
  propertyTest.prop([
    fc.bigInt({ min: -(2n ** 63n) + 1n, max: 2n ** 63n - 1n }),
    fc.constantFrom('count', 'tokens', 'gb', 'money' as const),
  ])('writes what parseQuantity reads', (amount, unit) => {
    expect(parseQuantity(formatQuantity(amount, unit), unit)).toBe(amount);
  });

  test('leaves out zeros that say nothing', () => {
    expect(formatQuantity(1_500_000_000n, 'gb')).toBe('1.5');
    expect(formatQuantity(20n, 'count')).toBe('20');
    expect(formatQuantity(-1n, 'money')).toBe('-0.000000001');
  });
});

describe('quantityAdvice', () => {
  test('says what the unit can take', () => {
    expect(quantityAdvice('count')).toContain('whole number');
    expect(quantityAdvice('gb')).toContain('9 decimals');
  });
});
