import { describe, expect, it } from 'vitest';
import { ratio } from '../../../platform/ratio.ts';
import { at, begun, plan } from '../testing/plans.ts';
import { monthlyWorth } from './monthly-worth.ts';
import type { AppliedCoupon } from './record.ts';
import type { SubscriptionTerms } from './subscription.ts';

function worth(
  cents: number,
  changes: Partial<SubscriptionTerms> = {},
  more: Partial<Parameters<typeof monthlyWorth>[0]> = {},
): bigint {
  const state = begun(plan(cents, changes));
  return monthlyWorth({ state, addOns: [], coupon: null, trialEndsAt: null, ...more });
}

const coupon = (discount: AppliedCoupon['discount'], invoicesLeft: number | null) => ({
  coupon: { code: 'LESS', discount, invoicesLeft },
});
const half = { kind: 'percentage', share: ratio(1n, 2n) } as const;

describe('monthlyWorth', () => {
  it.each([
    ['a month', {}, 1000n],
    ['three seats', { quantity: 3 }, 3000n],
    ['a year, rounded half up', { interval: { unit: 'year', count: 1 } }, 83n],
    ['a week, by the mean month', { interval: { unit: 'week', count: 1 } }, 4348n],
    ['what is paid once', { interval: { unit: 'year', count: 1000 } }, 0n],
  ] as const)('counts %s', (_what, changes, minor) => {
    expect(worth(1000, changes)).toBe(minor);
  });

  it('takes a discount off that never ends, and no other', () => {
    expect(worth(1000, {}, coupon(half, null))).toBe(500n);
    expect(worth(1000, {}, coupon(half, 3))).toBe(1000n);
    expect(worth(1000, {}, coupon({ kind: 'amount', amount: ratio(1500n) }, null))).toBe(0n);
  });

  it.each([
    ['incomplete', 0n],
    ['trialing', 0n],
    ['paused', 0n],
    ['expired', 0n],
    ['past_due', 1000n],
    ['canceled', 1000n],
  ] as const)('is of one that is %s: %s', (status, minor) => {
    const state = { ...begun(plan(1000)), status };
    expect(worth(1000, {}, { state })).toBe(minor);
  });

  it('is nothing while a trial runs that was canceled', () => {
    const state = { ...begun(plan(1000)), status: 'canceled' as const };
    expect(worth(1000, {}, { state, trialEndsAt: at('2026-06-01') })).toBe(0n);
  });
});
