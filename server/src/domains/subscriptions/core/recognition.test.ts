import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { earnedMinor, elapsedDays, recognize } from './recognition.ts';

describe('elapsedDays', () => {
  // New York turns its clocks on 8 March 2026: that day has 23 hours.
  const term = {
    startsAt: new Date('2026-03-07T12:00:00Z'),
    timeZone: 'America/New_York',
    durationDays: 3,
  };

  it.each([
    ['2026-03-07T12:00:00Z', 0],
    ['2026-03-08T10:59:59Z', 0],
    ['2026-03-08T11:00:00Z', 1],
    ['2026-03-09T11:00:00Z', 2],
    ['2026-03-10T11:00:00Z', 3],
    ['2027-01-01T00:00:00Z', 3],
    ['2026-01-01T00:00:00Z', 0],
  ])('at %s is %i', (now, days) => {
    expect(elapsedDays(term, new Date(now))).toBe(days);
  });
});

describe('earnedMinor', () => {
  test.prop([fc.bigInt(0n, 10n ** 12n), fc.integer({ min: 1, max: 800 })])(
    'never falls, and is exactly the price at the end',
    (price, durationDays) => {
      let before = 0n;
      for (let day = 0; day <= durationDays; day += 1) {
        const earned = earnedMinor(price, day, durationDays);
        expect(earned >= before).toBe(true);
        before = earned;
      }
      expect(before).toBe(price);
    },
    5_000,
  );
});

describe('recognize', () => {
  const term = { startsAt: new Date('2026-03-04T12:00:00Z'), timeZone: 'UTC', durationDays: 3 };

  it('says what is earned, and when more will be', () => {
    const now = new Date('2026-03-05T15:00:00Z');
    expect(recognize({ ...term, priceMinor: 1000n }, now)).toEqual({
      days: 1,
      earnedMinor: 333n,
      nextAt: new Date('2026-03-06T12:00:00Z'),
    });
  });

  it('has nothing to come at the end, or for what was free', () => {
    const end = new Date('2026-03-07T12:00:00Z');
    expect(recognize({ ...term, priceMinor: 1000n }, end).nextAt).toBeNull();
    expect(recognize({ ...term, priceMinor: 0n }, term.startsAt).nextAt).toBeNull();
  });
});
