import { describe, expect, test } from 'vitest';
import { nextRun } from './next-run.ts';

/** A Wednesday. */
const after = new Date('2026-03-04T12:34:56Z');

describe('nextRun', () => {
  test.each([
    ['* * * * *', '2026-03-04T12:35:00.000Z'],
    ['*/10 * * * *', '2026-03-04T12:40:00.000Z'],
    ['0 * * * *', '2026-03-04T13:00:00.000Z'],
    ['17 3 * * *', '2026-03-05T03:17:00.000Z'],
    ['5,35 12 * * *', '2026-03-04T12:35:00.000Z'],
    ['0 0 1 * *', '2026-04-01T00:00:00.000Z'],
    ['30 9-11 * * 1-5', '2026-03-05T09:30:00.000Z'],
    ['0 8-18/5 * * 0', '2026-03-08T08:00:00.000Z'],
    ['0 0 31 12 *', '2026-12-31T00:00:00.000Z'],
  ])('of %s is %s', (cron, expected) => {
    expect(nextRun(cron, after)?.toISOString()).toBe(expected);
  });

  test('is never the minute that has begun', () => {
    expect(nextRun('0 * * * *', new Date('2026-03-04T13:00:00Z'))?.toISOString()).toBe(
      '2026-03-04T14:00:00.000Z',
    );
  });

  test('is none for a day that there is not', () => {
    expect(nextRun('0 0 31 2 *', after)).toBeNull();
  });

  test.each(['* * * *', '60 * * * *', '*/0 * * * *', 'x * * * *', '5-2 * * * *'])(
    'refuses %s',
    (cron) => {
      expect(() => nextRun(cron, after)).toThrow(/invariant/);
    },
  );
});
