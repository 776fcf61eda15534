import { describe, expect, test } from 'vitest';
import { fromNanos, percentOf, toNanos } from './decimal.ts';

describe('toNanos and fromNanos', () => {
  test.each([
    ['0', 0n],
    ['0.000000001', 1n],
    ['29.99', 29_990_000_000n],
    ['-0.5', -500_000_000n],
    ['999999.999999999', 999_999_999_999_999n],
  ])('%s is %d nano-units, and back', (decimal, nanos) => {
    expect(toNanos(decimal)).toBe(nanos);
    expect(fromNanos(nanos)).toBe(decimal);
  });

  test('trailing zeros do not change an amount', () => {
    expect(fromNanos(toNanos('30.00'))).toBe('30');
  });
});

describe('percentOf', () => {
  test.each([
    ['0', '5', 0],
    ['1', '3', 33.3],
    ['5', '5', 100],
    ['7', '5', 100],
    ['1', '0', 0],
  ])('%s of %s fills the bar to %d', (part, total, percent) => {
    expect(percentOf(part, total)).toBe(percent);
  });
});
