import { describe, expect, test } from 'vitest';
import {
  addDays,
  addDuration,
  dayOf,
  isTimeZone,
  startOfDay,
  startOfMonth,
  startOfNextDay,
} from './time.ts';

const at = (text: string) => new Date(text);

describe('days in a zone', () => {
  test.each([
    [
      '2026-03-01T15:59:59Z',
      'Asia/Shanghai',
      '2026-03-01',
      '2026-02-28T16:00:00Z',
      '2026-03-01T16:00:00Z',
    ],
    [
      '2026-03-01T16:00:00Z',
      'Asia/Shanghai',
      '2026-03-02',
      '2026-03-01T16:00:00Z',
      '2026-03-02T16:00:00Z',
    ],
    // America/New_York loses an hour on 8 March 2026 and gains one on 1 November 2026.
    [
      '2026-03-08T12:00:00Z',
      'America/New_York',
      '2026-03-08',
      '2026-03-08T05:00:00Z',
      '2026-03-09T04:00:00Z',
    ],
    [
      '2026-11-01T12:00:00Z',
      'America/New_York',
      '2026-11-01',
      '2026-11-01T04:00:00Z',
      '2026-11-02T05:00:00Z',
    ],
  ])('%s in %s is %s', (instant, zone, day, start, end) => {
    expect(dayOf(at(instant), zone)).toBe(day);
    expect(startOfDay(at(instant), zone)).toEqual(at(start));
    expect(startOfNextDay(at(instant), zone)).toEqual(at(end));
  });

  test('a day later has the same time of day, over a change of the clocks', () => {
    expect(addDays(at('2026-03-07T23:30:00Z'), 1, 'America/New_York')).toEqual(
      at('2026-03-08T22:30:00Z'),
    );
  });

  test('a month begins at its first midnight', () => {
    expect(startOfMonth(at('2026-03-15T00:00:00Z'), 'Asia/Shanghai')).toEqual(
      at('2026-02-28T16:00:00Z'),
    );
    expect(startOfMonth(at('2026-01-31T00:00:00Z'), 'UTC', 1)).toEqual(at('2026-02-01T00:00:00Z'));
  });
});

test('addDuration keeps the end of a month', () => {
  expect(addDuration(at('2026-01-31T00:00:00Z'), 'P1M')).toEqual(at('2026-02-28T00:00:00Z'));
  expect(addDuration(at('2026-01-31T00:00:00Z'), 'a day')).toBeUndefined();
});

test('isTimeZone knows IANA names only', () => {
  expect(['UTC', 'Asia/Shanghai', 'Mars/Olympus', ''].map(isTimeZone)).toEqual([
    true,
    true,
    false,
    false,
  ]);
});
