import { test as propertyTest } from '@fast-check/vitest';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { one, ratio } from '../../../platform/ratio.ts';
import { backTest, forecast } from './forecast.ts';

const days = (count: number) => Array.from({ length: count }, () => one);
const amounts = (count: number, amountOf: (day: number) => number) =>
  Array.from({ length: count }, (_, day) => BigInt(amountOf(day)));

describe('forecast', () => {
  test('repeats a week that was always alike, without any doubt', () => {
    const past = amounts(56, (day) => (day % 7) * 100);
    // The 57th day is of the first kind again: 0 + 100 + … + 600, and two more.
    const whole = { expected: 2200n, low: 2200n, high: 2200n };
    expect(forecast({ past, spent: 0n, rest: days(9) })).toEqual(whole);
  });

  test('counts of today only what is still to come', () => {
    const past = amounts(56, () => 100);
    const rest = [ratio(1n, 4n), ...days(2)];
    expect(forecast({ past, spent: 80n, rest }).expected).toBe(80n + 25n + 200n);
  });

  test('expects what was spent where nothing was used before', () => {
    const made = { expected: 7n, low: 7n, high: 7n };
    expect(forecast({ past: [], spent: 7n, rest: days(3) })).toEqual(made);
    expect(forecast({ past: amounts(40, () => 0), spent: 7n, rest: days(3) })).toEqual(made);
  });

  test('looks at eight weeks, and at none of the days before the first use', () => {
    const older = amounts(70, () => 9999);
    const recent = amounts(56, () => 100);
    expect(forecast({ past: [...older, ...recent], spent: 0n, rest: days(1) }).expected).toBe(100n);
    const young = [...amounts(40, () => 0), ...amounts(14, () => 50)];
    expect(forecast({ past: young, spent: 0n, rest: days(2) }).expected).toBe(100n);
  });

  test('doubts more what is further away, scatters more, or is known from fewer days', () => {
    const wide = (past: bigint[], rest: number) => {
      const { low, high } = forecast({ past, spent: 10_000n, rest: days(rest) });
      return Number(high - low);
    };
    const calm = amounts(56, (day) => 100 + ((day * 37) % 11));
    const wild = amounts(56, (day) => 100 + ((day * 37) % 97));
    expect(wide(calm, 20)).toBeGreaterThan(wide(calm, 3));
    expect(wide(wild, 7)).toBeGreaterThan(wide(calm, 7));
    expect(wide([100n, 140n], 7)).toBeGreaterThan(wide(calm, 7));
  });

  propertyTest.prop([
    fc.array(fc.bigInt(0n, 10n ** 15n), { maxLength: 90 }),
    fc.bigInt(0n, 10n ** 15n),
    fc.integer({ min: 0, max: 31 }),
  ])('lies within its range, and never below what was spent', (past, spent, rest) => {
    const { expected, low, high } = forecast({ past, spent, rest: days(rest) });
    expect(low >= spent && low <= expected && expected <= high).toBe(true);
  });

  test('is right four times in five about days that scatter by chance', () => {
    const chance = seeded(42);
    let within = 0;
    const tries = 400;
    for (let turn = 0; turn < tries; turn += 1) {
      const all = amounts(86, (day) => 1000 + 400 * (day % 7) + Math.floor(chance() * 900));
      const tested = backTest(all, { length: 30, asOf: 10 });
      if (tested && tested.actual >= tested.low && tested.actual <= tested.high) within += 1;
    }
    expect(within / tries).toBeGreaterThan(0.75);
    expect(within / tries).toBeLessThan(0.87);
  });
});

describe('backTest', () => {
  propertyTest.prop([
    fc.array(fc.bigInt(0n, 10n ** 12n), { minLength: 40, maxLength: 90 }),
    fc.bigInt(0n, 10n ** 12n),
    fc.integer({ min: 0, max: 29 }),
  ])('knows nothing of what came later', (all, other, asOf) => {
    const changed = all.with(-1, other);
    const { actual: came, ...made } = backTest(all, { length: 30, asOf }) ?? { actual: 0n };
    const { actual: otherCame, ...otherMade } = backTest(changed, { length: 30, asOf }) ?? {
      actual: 0n,
    };
    expect(otherMade).toEqual(made);
    if (Object.keys(made).length > 0) expect(otherCame - came).toBe(other - (all.at(-1) ?? 0n));
  });

  test('compares what was expected with what came', () => {
    const all = [...amounts(28, () => 10), ...amounts(10, () => 10), ...amounts(20, () => 20)];
    expect(backTest(all, { length: 30, asOf: 10 })).toMatchObject({ expected: 300n, actual: 500n });
  });

  test('says nothing where nothing was known', () => {
    expect(
      backTest(
        amounts(20, () => 5),
        { length: 30, asOf: 10 },
      ),
    ).toBeUndefined();
    const late = [...amounts(45, () => 0), ...amounts(15, () => 5)];
    expect(backTest(late, { length: 30, asOf: 10 })).toBeUndefined();
  });
});

/** Whole numbers below one thousandth parts of one, the same ones each time. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * 1000) / 1000;
  };
}
