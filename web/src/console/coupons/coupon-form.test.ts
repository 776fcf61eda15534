import { describe, expect, test } from 'vitest';
import {
  type Coupon,
  type CouponForm,
  limitsFormOf,
  percentOffPattern,
  toCouponBody,
  toLimitsChange,
} from './coupon-form.ts';

const timeZone = 'Asia/Shanghai';
const form: CouponForm = {
  code: 'LAUNCH20',
  off: 'percent',
  percent: '20',
  amount: '5.00',
  currency: 'USD',
  duration: 'once',
  periods: 3,
};

describe('toCouponBody', () => {
  test('sends the percentage or the amount, whichever was chosen', () => {
    const body = toCouponBody(form, timeZone);
    expect(body).toMatchObject({ percent: '20', duration: 'once' });
    expect(body).not.toHaveProperty('amount');
    const fixed = toCouponBody({ ...form, off: 'amount' }, timeZone);
    expect(fixed).toMatchObject({ amount: '5.00', currency: 'USD' });
    expect(fixed).not.toHaveProperty('percent');
  });

  test('counts invoices only where it repeats', () => {
    expect(toCouponBody(form, timeZone)).not.toHaveProperty('periods');
    expect(toCouponBody({ ...form, duration: 'repeating' }, timeZone)).toMatchObject({
      periods: 3,
    });
  });

  test('no plan chosen is every plan, and an emptied limit is none', () => {
    expect(toCouponBody({ ...form, plans: [], redemptions_max: null }, timeZone)).toMatchObject({
      plans: null,
      redemptions_max: null,
      redemptions_per_organization_max: null,
      expires_at: null,
    });
  });

  test('reads its end by the clocks of the page', () => {
    expect(toCouponBody({ ...form, expires_at: '2026-12-31T23:59' }, timeZone).expires_at).toBe(
      '2026-12-31T15:59:00.000Z',
    );
  });
});

describe('toLimitsChange', () => {
  const coupon: Coupon = {
    id: 'cpn_1',
    code: 'LAUNCH20',
    name: 'Launch',
    percent: '20',
    amount: null,
    currency: null,
    duration: 'once',
    periods: null,
    redemptions_max: 10,
    redemptions_per_organization_max: null,
    redemptions: 3,
    plans: null,
    expires_at: '2026-12-31T15:59:42.000Z',
    status: 'active',
    created_at: '2026-01-01T00:00:00.000Z',
  };

  test('leaves the end alone that nobody touched', () => {
    const change = toLimitsChange(
      { ...limitsFormOf(coupon, timeZone), redemptions_max: 20 },
      coupon,
      timeZone,
    );
    expect(change).toEqual({
      name: 'Launch',
      redemptions_max: 20,
      redemptions_per_organization_max: null,
    });
  });

  test('takes the end away where it was emptied', () => {
    const emptied = { ...limitsFormOf(coupon, timeZone), expires_at: '' };
    expect(toLimitsChange(emptied, coupon, timeZone).expires_at).toBeNull();
  });
});

test.each([
  ['20', true],
  ['12.5', true],
  ['0.0001', true],
  ['100', true],
  ['0', false],
  ['0.00', false],
  ['100.1', false],
  ['20 %', false],
])('"%s" can be taken off: %s', (text, expected) => {
  expect(percentOffPattern.test(text)).toBe(expected);
});
