import { describe, expect, test } from 'vitest';
import { beginOf, fillIn } from './intervals.ts';

const now = new Date('2026-03-10T09:20:00Z');

describe('fillIn', () => {
  test('shows 24 hours up to this one, quiet ones too', () => {
    const point = { from: '2026-03-10T08:00:00Z', calls: 3 };
    const shown = fillIn([point], { period: 'day', now, timeZone: 'UTC' });
    expect(shown).toHaveLength(24);
    expect(shown.at(-1)).toEqual({ at: '2026-03-10T09:00:00.000Z', points: [] });
    expect(shown.at(-2)).toEqual({ at: '2026-03-10T08:00:00.000Z', points: [point] });
  });

  test('keeps hours that begin at half past', () => {
    const point = { from: '2026-03-10T08:30:00Z' };
    const shown = fillIn([point], { period: 'day', now, timeZone: 'Asia/Kolkata' });
    expect(shown.at(-1)).toEqual({ at: '2026-03-10T08:30:00.000Z', points: [point] });
  });

  test('adds the same day of customers in different zones', () => {
    const points = [
      { from: '2026-03-08T16:00:00Z', zone: 'Asia/Shanghai' },
      { from: '2026-03-09T00:00:00Z', zone: 'UTC' },
    ];
    const shown = fillIn(points, { period: 'week', now, timeZone: 'UTC' });
    expect(shown).toHaveLength(7);
    expect(shown.find(({ at }) => at === '2026-03-09')?.points).toEqual(points);
  });
});

describe('beginOf', () => {
  test('begins with a whole hour', () => {
    expect(beginOf('day', now, 'UTC')).toBe('2026-03-09T10:00:00.000Z');
  });

  test('begins with a midnight of the zone', () => {
    expect(beginOf('week', now, 'Asia/Shanghai')).toBe('2026-03-03T16:00:00.000Z');
  });
});
