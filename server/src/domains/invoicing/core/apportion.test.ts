import { test as propertyTest } from '@fast-check/vitest';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { apportion } from './apportion.ts';

describe('apportion', () => {
  test.each([
    ['in proportion', 100n, [1n, 3n], [25n, 75n]],
    ['what is left to who lost most, of equals the first', 100n, [1n, 1n, 1n], [34n, 33n, 33n]],
    ['what is given back alike', -100n, [1n, 1n, 1n], [-34n, -33n, -33n]],
    ['nothing to who used nothing', 10n, [0n, 5n], [0n, 10n]],
    ['all to the first where nothing was used', 10n, [0n, 0n], [10n, 0n]],
    ['nothing among nobody', 10n, [], []],
  ])('gives %s', (_, amount, weights, parts) => {
    expect(apportion(amount, weights)).toEqual(parts);
  });

  const weights = fc.array(fc.bigInt({ min: 0n, max: 10n ** 18n }), {
    minLength: 1,
    maxLength: 60,
  });
  propertyTest.prop([fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }), weights])(
    'has parts that sum to the whole, each within one nano of its share',
    (amount, drawn) => {
      const parts = apportion(amount, drawn);
      expect(parts.reduce((sum, part) => sum + part, 0n)).toBe(amount);
      const total = drawn.reduce((sum, weight) => sum + weight, 0n);
      if (total === 0n) return;
      for (const [index, part] of parts.entries()) {
        const off = part * total - amount * (drawn[index] ?? 0n);
        expect(off < total && off > -total).toBe(true);
      }
    },
  );
});
