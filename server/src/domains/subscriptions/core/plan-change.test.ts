import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  add,
  compare,
  formatRatio,
  multiply,
  type Ratio,
  ratio,
  roundHalfUp,
  subtract,
  sum,
  zero,
} from '../../../platform/ratio.ts';
import type { NewLine } from '../../invoicing/index.ts';
import { type ChangePlan, planChange, type SubscriptionChange } from './plan-change.ts';
import type { ProrationRule } from './proration.ts';
import { beginSubscription, renew } from './renewal.ts';
import {
  billingKeyOf,
  dueAtOf,
  type MeterAmount,
  priceOf,
  type SubscriptionState,
  type SubscriptionTerms,
} from './subscription.ts';

const at = (text: string) => new Date(text.length === 10 ? `${text}T00:00:00Z` : text);
const meterId = 'mtr_requests';

/** A plan whose price is a cent for each request that it includes. */
function plan(cents: number, changes: Partial<SubscriptionTerms> = {}): SubscriptionTerms {
  return {
    planId: `pln_${cents}`,
    version: 1,
    planSlug: `plan-${cents}`,
    planName: `Plan ${cents}`,
    cycle: 'month',
    currency: 'USD',
    price: ratio(BigInt(cents)),
    interval: { unit: 'month', count: 1 },
    quantity: 1,
    proration: 'second',
    refund: 'unused',
    included: [{ meterId, amount: ratio(BigInt(cents)) }],
    windows: [],
    ...changes,
  };
}

function begun(terms: SubscriptionTerms, from = at('2026-05-01'), timeZone = 'UTC') {
  const options = { at: from, timeZone, trialDays: 0, setupFee: zero };
  return { ...beginSubscription(terms, options).next, status: 'active' as const };
}

function used(count: number): { meterId: string; amount: Ratio }[] {
  return [{ meterId, amount: ratio(BigInt(count)) }];
}

function allowed(plan: ChangePlan): Extract<ChangePlan, { allowed: true }> {
  if (!plan.allowed) throw new Error(plan.reason);
  return plan;
}

function apply(state: SubscriptionState, change: SubscriptionChange, when: string | Date) {
  return allowed(planChange(state, change, typeof when === 'string' ? at(when) : when));
}

const totalOf = (lines: readonly NewLine[]) => sum(lines.map(({ amount }) => amount));
const cents = (value: Ratio) => formatRatio(value, 2);
const codesOf = (lines: readonly NewLine[]) => lines.map(({ text }) => text.code);
const grantOf = (state: SubscriptionState) => state.granted[0]?.amount ?? zero;

describe('changing the plan', () => {
  test('goes up at once and bills the difference for the rest', () => {
    const state = begun(plan(2000, { proration: 'day' }));
    const up = apply(state, { kind: 'switch', to: plan(4000), used: [] }, '2026-05-11');
    expect(up.effect).toBe('now');
    expect(codesOf(up.lines)).toEqual(['unused', 'remaining']);
    expect(up.lines.map(({ amount }) => cents(amount))).toEqual(['-1354.84', '2709.68']);
    expect(up.next).toMatchObject({ terms: { planId: 'pln_4000' }, period: state.period });
  });

  test('goes down at the period’s end, without a line, and renews at the new price', () => {
    const state = begun(plan(4000));
    const down = apply(state, { kind: 'switch', to: plan(2000), used: [] }, '2026-05-11');
    expect(down).toMatchObject({ effect: 'period_end', lines: [], next: { terms: state.terms } });
    const renewed = renew(down.next);
    expect(renewed?.lines.map(({ amount }) => cents(amount))).toEqual(['2000']);
    expect(renewed?.next).toMatchObject({ terms: { planId: 'pln_2000' }, pending: null });
  });

  test('goes down now where asked, for the time that is left', () => {
    const state = begun(plan(3100));
    const down = { kind: 'switch', to: plan(1550), when: 'now', used: [] } as const;
    expect(cents(totalOf(apply(state, down, '2026-05-11').lines))).toBe('-1050');
  });

  test('gives nothing back for what is used', () => {
    const state = begun(plan(1000));
    const up = apply(state, { kind: 'switch', to: plan(10_000), used: [] }, '2026-05-01');
    const to = plan(1000);
    const all = { kind: 'switch', to, when: 'now', used: used(10_000) } as const;
    expect(totalOf(apply(up.next, all, '2026-05-02').lines)).toEqual(zero);
    const some = { ...all, used: used(5500) };
    const down = apply(up.next, some, '2026-05-02');
    expect(cents(totalOf(down.lines))).toBe('-4500');
    expect(cents(grantOf(down.next))).toBe('5500');
  });

  test('charges today once, at the highest price it was had at', () => {
    let state: SubscriptionState = begun(plan(3100, { proration: 'day' }));
    const lines: NewLine[] = [];
    for (const [index, to] of [6200, 3100, 6200, 3100].entries()) {
      const change = { kind: 'switch', to: plan(to, { proration: 'day' }), when: 'now' } as const;
      const planned = apply(state, { ...change, used: [] }, `2026-05-11T0${index + 1}:00:00Z`);
      lines.push(...planned.lines);
      state = planned.next;
    }
    expect(cents(totalOf(lines))).toBe('100');
  });

  test('without proration charges the whole difference once and gives none back', () => {
    let state: SubscriptionState = begun(plan(1000, { proration: 'none' }));
    const sums: string[] = [];
    for (const to of [3000, 1000, 3000]) {
      const change = { kind: 'switch', to: plan(to, { proration: 'none' }), when: 'now' } as const;
      const planned = apply(state, { ...change, used: [] }, '2026-05-20');
      sums.push(cents(totalOf(planned.lines)));
      state = planned.next;
    }
    expect(sums).toEqual(['2000', '0', '0']);
  });

  test('changes a trial without a line', () => {
    const options = { at: at('2026-05-01'), timeZone: 'UTC', trialDays: 14, setupFee: zero };
    const trial = { ...beginSubscription(plan(1000), options).next, status: 'trialing' as const };
    const up = apply(trial, { kind: 'switch', to: plan(9000), used: [] }, '2026-05-03');
    expect(up.lines).toEqual([]);
    const first = renew(up.next);
    expect(first?.lines.map(({ amount }) => cents(amount))).toEqual(['9000']);
    expect(first?.next).toMatchObject({ status: 'active', anchorAt: at('2026-05-15') });
  });

  test('begins a new period with another interval', () => {
    const yearly = plan(36_500, { interval: { unit: 'year', count: 1 } });
    const state = begun(plan(3100));
    const up = { kind: 'switch', to: yearly, when: 'now', used: [] } as const;
    const { lines, next } = apply(state, up, '2026-05-11');
    expect(lines.map(({ amount }) => cents(amount))).toEqual(['-2100', '36500']);
    expect(next.period).toEqual({ from: at('2026-05-11'), to: at('2027-05-11') });
  });

  test('is refused to who owes, and in another currency', () => {
    const change = { kind: 'switch', to: plan(2000), used: [] } as const;
    const owing = { ...begun(plan(1000)), status: 'past_due' as const };
    expect(planChange(owing, change, at('2026-05-02'))).toMatchObject({ reason: 'invalid_state' });
    const foreign = { ...change, to: plan(2000, { currency: 'CNY' }) };
    const planned = planChange(begun(plan(1000)), foreign, at('2026-05-02'));
    expect(planned).toMatchObject({ reason: 'wrong_currency' });
  });
});

describe('ending and coming back', () => {
  test.each([
    ['unused', '-2100'],
    ['full', '-3100'],
    ['none', '0'],
  ] as const)('cancels now with refund %s: %s', (refund, expected) => {
    const state = begun(plan(3100, { refund }));
    const { lines, next } = apply(state, { kind: 'cancel', when: 'now', used: [] }, '2026-05-11');
    expect(next.status).toBe('expired');
    expect(cents(totalOf(lines))).toBe(expected);
  });

  test('refunds in full no more than what was paid', () => {
    const state = begun(plan(3100, { refund: 'full' }));
    const to = plan(6200, { refund: 'full' });
    const up = apply(state, { kind: 'switch', to, used: [] }, '2026-05-22T12:00:00Z');
    const end = apply(up.next, { kind: 'cancel', when: 'now', used: [] }, '2026-05-23');
    expect(cents(totalOf(end.lines))).toBe('-4050');
  });

  test('cancels at the period’s end, takes it back, or expires then', () => {
    const state = begun(plan(3100));
    const asked = apply(state, { kind: 'cancel', when: 'period_end', used: [] }, '2026-05-11');
    expect(asked.next).toMatchObject({ status: 'canceled', cancelAt: at('2026-06-01') });
    expect(apply(asked.next, { kind: 'resume' }, '2026-05-12').next).toEqual(state);
    expect(renew(asked.next)).toMatchObject({ lines: [], next: { status: 'expired' } });
  });

  test('a pause neither lengthens nor shortens what is paid', () => {
    const { next } = apply(begun(plan(3100)), { kind: 'pause' }, '2026-05-11');
    expect(apply(next, { kind: 'resume' }, '2026-05-20').lines).toEqual([]);
    const later = apply(next, { kind: 'resume' }, '2026-06-20');
    expect(cents(totalOf(later.lines))).toBe('3100');
    expect(later.next.period).toEqual({ from: at('2026-06-20'), to: at('2026-07-20') });
  });
});

describe('renewing', () => {
  test('twelve times keeps the 31st', () => {
    let state: SubscriptionState = begun(plan(1000), at('2026-01-31T09:00:00Z'));
    const ends: string[] = [];
    for (let month = 0; month < 12; month += 1) {
      ends.push(state.period.to.toISOString().slice(5, 10));
      const renewed = renew(state);
      expect(renewed && totalOf(renewed.lines)).toEqual(ratio(1000n));
      if (renewed) state = renewed.next;
    }
    expect(ends.join(' ')).toBe(
      '02-28 03-31 04-30 05-31 06-30 07-31 08-31 09-30 10-31 11-30 12-31 01-31',
    );
  });

  test('is due when the period ends, under a key of its own for each', () => {
    const state = begun(plan(1000));
    expect(dueAtOf(state)).toEqual(at('2026-06-01'));
    expect(billingKeyOf('sub_1', state.period)).toBe('sub_1 2026-05-01T00:00:00.000Z');
    const next = renew(state)?.next;
    expect(next && billingKeyOf('sub_1', next.period)).toBe('sub_1 2026-06-01T00:00:00.000Z');
    const paused = apply(state, { kind: 'pause' }, '2026-05-11').next;
    expect(dueAtOf(paused)).toBeNull();
    expect(renew(paused)).toBeUndefined();
  });

  test('leaves no instant out and bills none twice, in any zone', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('UTC', 'America/New_York', 'Australia/Lord_Howe'),
        fc.date({ min: at('2024-01-01'), max: at('2028-01-01'), noInvalidDate: true }),
        (timeZone, from) => {
          let state: SubscriptionState = begun(plan(1000), from, timeZone);
          for (let month = 0; month < 14; month += 1) {
            const next = renew(state)?.next;
            expect(next?.period.from).toEqual(state.period.to);
            if (next) state = next;
          }
        },
      ),
    );
  });

  test('the setup fee is charged with the first invoice only', () => {
    const options = { at: at('2026-05-01'), timeZone: 'UTC', trialDays: 0, setupFee: ratio(500n) };
    const first = beginSubscription(plan(1000), options);
    expect(codesOf(first.lines)).toEqual(['setup_fee', 'plan']);
    expect(codesOf(renew({ ...first.next, status: 'active' })?.lines ?? [])).toEqual(['plan']);
  });
});

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
