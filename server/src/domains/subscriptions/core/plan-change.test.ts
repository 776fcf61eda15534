import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ratio, zero } from '../../../platform/ratio.ts';
import type { NewLine } from '../../invoicing/index.ts';
import {
  apply,
  at,
  begun,
  cents,
  codesOf,
  grantOf,
  plan,
  totalOf,
  used,
} from '../testing/plans.ts';
import { planChange } from './plan-change.ts';
import { beginSubscription, renew } from './renewal.ts';
import { billingKeyOf, dueAtOf, type SubscriptionState } from './subscription.ts';

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
