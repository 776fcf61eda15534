import { describe, expect, test } from 'vitest';
import { type GrantForm, toGrantBody } from './grant-form.ts';

const form: GrantForm = {
  amount: '20.00',
  currency: 'USD',
  note: 'Sorry for the outage',
  interval: 'once',
  interval_count: 3,
  rollover_max: '5',
};

describe('toGrantBody', () => {
  test('gives once, for good', () => {
    expect(toGrantBody(form, 'UTC')).toEqual({
      amount: '20.00',
      currency: 'USD',
      note: 'Sorry for the outage',
    });
  });

  test('gives anew for each period, and says what is carried over', () => {
    expect(toGrantBody({ ...form, interval: 'month' }, 'UTC').recurrence).toEqual({
      interval: 'month',
      interval_count: 3,
      rollover_max: '5',
    });
    const { interval_count: _, rollover_max: __, ...plain } = form;
    expect(toGrantBody({ ...plain, interval: 'week' }, 'UTC').recurrence).toEqual({
      interval: 'week',
      interval_count: 1,
    });
  });

  test('keeps a priority of zero, and reads its end by the clocks of the page', () => {
    const body = toGrantBody(
      { ...form, priority: 0, expires_at: '2027-01-01T00:00' },
      'Asia/Shanghai',
    );
    expect(body).toMatchObject({ priority: 0, expires_at: '2026-12-31T16:00:00.000Z' });
  });
});
