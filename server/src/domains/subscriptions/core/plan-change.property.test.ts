import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  add,
  compare,
  multiply,
  type Ratio,
  ratio,
  roundHalfUp,
  subtract,
  sum,
  zero,
} from '../../../platform/ratio.ts';
import { apply, at, begun, meterId, plan, totalOf, used } from '../testing/plans.ts';
import type { ProrationRule } from './proration.ts';
import {
  type MeterAmount,
  priceOf,
  type SubscriptionState,
  type SubscriptionTerms,
} from './subscription.ts';

/** Something that a customer does: changes to a plan, or cancels, after so much of the time that is left and use. */
interface Step {
  cents: number;
  /** Percent of the price that is for requests; the rest is for storage. */
  mix: number;
  isYearly: boolean;
  afterShare: number;
  useShare: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  cents: fc.integer({ min: 0, max: 9999 }),
  mix: fc.integer({ min: 0, max: 100 }),
  isYearly: fc.boolean(),
  afterShare: fc.integer({ min: 0, max: 99 }),
  useShare: fc.integer({ min: 0, max: 100 }),
});
const rules = fc.constantFrom<ProrationRule>('second', 'day', 'thirty_days', 'none');
const zones = fc.constantFrom('UTC', 'Asia/Shanghai', 'America/New_York');

/** A plan that includes two meters, each unit for a cent. */
function mixed(price: number, mix: number, changes: Partial<SubscriptionTerms>): SubscriptionTerms {
  const requests = ratio(BigInt(price * mix), 100n);
  const storage = subtract(ratio(BigInt(price)), requests);
  const included = [
    { meterId, amount: requests },
    { meterId: 'mtr_storage', amount: storage },
  ];
  return plan(price, { ...changes, included });
}

function amountIn(amounts: readonly MeterAmount[], meter: string): Ratio {
  return totalIn(amounts.filter((of) => of.meterId === meter));
}

const totalIn = (amounts: readonly MeterAmount[]) => sum(amounts.map(({ amount }) => amount));

describe('any sequence of ups and downs', () => {
  test('yields no more than was paid for', () => {
    fc.assert(
      fc.property(rules, zones, fc.array(step, { maxLength: 12 }), (rule, timeZone, steps) => {
        const first = mixed(1000, 50, { proration: rule });
        let state: SubscriptionState = begun(first, at('2026-01-31'), timeZone);
        let paid = ratio(1000n);
        let usedBefore = zero;
        let usedNow = first.included.map((of) => ({ ...of, amount: zero }));
        let now = state.period.from;
        for (const { cents: price, mix, isYearly, afterShare, useShare } of steps) {
          const left = state.period.to.getTime() - now.getTime();
          now = new Date(now.getTime() + Math.floor((left * afterShare) / 100));
          usedNow = usedNow.map((of) => {
            const free = subtract(amountIn(state.granted, of.meterId), of.amount);
            return { ...of, amount: add(of.amount, multiply(free, ratio(BigInt(useShare), 100n))) };
          });
          const interval = { unit: isYearly ? 'year' : 'month', count: 1 } as const;
          const to = mixed(price, mix, { proration: rule, interval });
          const change = { kind: 'switch', to, when: 'now', used: usedNow } as const;
          const { lines, next } = apply(state, change, now);
          paid = add(paid, totalOf(lines));
          if (next.terms.interval.unit !== state.terms.interval.unit) {
            usedBefore = add(usedBefore, totalIn(usedNow));
            usedNow = usedNow.map((of) => ({ ...of, amount: zero }));
          }
          state = next;
          // A cent for each unit: what was used stays granted, and what may be used is paid.
          for (const { meterId: meter, amount } of usedNow) {
            expect(compare(amount, amountIn(state.granted, meter))).toBeLessThanOrEqual(0);
          }
          const had = add(usedBefore, totalIn(state.granted));
          expect(compare(paid, had)).toBeGreaterThanOrEqual(0);
        }
        const end = apply(state, { kind: 'cancel', when: 'now', used: usedNow }, now);
        const kept = add(paid, totalOf(end.lines));
        expect(compare(kept, add(usedBefore, totalIn(usedNow)))).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 1000 },
    );
  });

  test('to the second and unused, costs each price for its time, wherever the period is split', () => {
    const instants = fc.array(
      fc.tuple(fc.integer({ min: 0, max: 9999 }), fc.integer({ min: 0, max: 2_678_399_999 })),
      { maxLength: 10 },
    );
    fc.assert(
      fc.property(instants, (changes) => {
        let state: SubscriptionState = begun(plan(1000));
        const start = state.period.from.getTime();
        const length = BigInt(state.period.to.getTime() - start);
        let expected = zero;
        let shown = 1000n;
        let until = 0n;
        for (const [price, offset] of [...changes].sort((a, b) => a[1] - b[1])) {
          const share = ratio(BigInt(offset) - until, length);
          expected = add(expected, multiply(priceOf(state.terms), share));
          until = BigInt(offset);
          const change = { kind: 'switch', to: plan(price), when: 'now', used: [] } as const;
          const planned = apply(state, change, new Date(start + offset));
          shown += roundHalfUp(totalOf(planned.lines));
          state = planned.next;
        }
        expected = add(expected, multiply(priceOf(state.terms), ratio(length - until, length)));
        expect(state.paid).toEqual(expected);
        // Each invoice is rounded by itself, by half a cent at most.
        const error = subtract(ratio(2n * shown), multiply(expected, ratio(2n)));
        const bound = ratio(BigInt(changes.length));
        expect(compare(error, bound)).toBeLessThanOrEqual(0);
        expect(compare(subtract(zero, error), bound)).toBeLessThanOrEqual(0);
      }),
    );
  });

  test('splitting the period once, at the same price, changes its total by nothing', () => {
    fc.assert(
      fc.property(
        rules,
        fc.integer({ min: 0, max: 9999 }),
        fc.integer({ min: 0, max: 2_678_399_999 }),
        (rule, price, offset) => {
          const state = begun(plan(price, { proration: rule }));
          const to = { ...plan(price, { proration: rule }), version: 2 };
          const when = new Date(state.period.from.getTime() + offset);
          const { lines } = apply(state, { kind: 'switch', to, used: [] }, when);
          expect(totalOf(lines)).toEqual(zero);
        },
      ),
    );
  });

  test('stores what the preview showed, and changes nothing of what it was asked about', () => {
    fc.assert(
      fc.property(rules, step, (rule, { cents: price, isYearly, afterShare, useShare }) => {
        const state = freeze(begun(plan(5000, { proration: rule })));
        const interval = { unit: isYearly ? 'year' : 'month', count: 1 } as const;
        const to = freeze(plan(price, { proration: rule, interval }));
        const change = freeze({
          kind: 'switch' as const,
          to,
          when: 'now' as const,
          used: used(useShare * 50),
        });
        const when = new Date(state.period.from.getTime() + afterShare * 20_000_000);
        const preview = apply(state, change, when);
        const execution = apply(structuredClone(state), structuredClone(change), when);
        expect(execution).toEqual(preview);
        // What the subscription says was paid is what its invoices say.
        const before = isYearly ? zero : state.paid;
        const credited = isYearly
          ? totalOf(preview.lines.filter(({ text }) => text.code === 'unused'))
          : zero;
        expect(preview.next.paid).toEqual(subtract(add(before, totalOf(preview.lines)), credited));
      }),
    );
  });
});

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !(value instanceof Date)) {
    for (const part of Object.values(value)) freeze(part);
    Object.freeze(value);
  }
  return value;
}
