import { test as propertyTest } from '@fast-check/vitest';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { endPeriod, grantPeriod } from './grant-periods.ts';

const startsAt = new Date('2026-01-31T10:00:00Z');
const monthly = {
  interval: { unit: 'month', count: 1 } as const,
  timeZone: 'UTC',
  rolloverMax: 0n,
};

describe('grantPeriod', () => {
  test('keeps the day of the month, and ends with the grant', () => {
    const terms = { startsAt, endsAt: new Date('2026-04-10T00:00:00Z'), recurrence: monthly };
    const days = [0, 1, 2, 3].map((number) => grantPeriod(terms, number)?.to?.toISOString());
    expect(days).toEqual([
      '2026-02-28T10:00:00.000Z',
      '2026-03-31T10:00:00.000Z',
      '2026-04-10T00:00:00.000Z',
      undefined,
    ]);
  });

  test('is one of a grant that is given once', () => {
    const terms = { startsAt, endsAt: null, recurrence: null };
    expect(grantPeriod(terms, 0)).toEqual({ from: startsAt, to: null });
    expect(grantPeriod(terms, 1)).toBeUndefined();
  });
});

describe('endPeriod', () => {
  const amount = fc.bigInt(0n, 10n ** 18n);
  propertyTest.prop([
    fc.record({
      ...{ available: amount, held: amount, carried: amount, rolloverMax: amount },
      hasNext: fc.boolean(),
    }),
  ])('loses nothing, and never carries on more than is allowed', (period) => {
    const { carry, expire, isClosed } = endPeriod(period);
    expect(carry + expire).toBe(period.available);
    expect(carry >= 0n && expire >= 0n).toBe(true);
    if (carry > 0n) {
      expect(period.hasNext && carry + period.carried <= period.rolloverMax).toBe(true);
    }
    expect(isClosed).toBe(period.held === 0n);
  });
});
