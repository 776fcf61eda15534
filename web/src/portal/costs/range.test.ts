import { describe, expect, test } from 'vitest';
import { boundsOf, midnightOf } from './range.ts';

describe('midnightOf', () => {
  test.each([
    ['2026-03-04', 'UTC', '2026-03-04T00:00:00.000Z'],
    ['2026-03-04', 'Asia/Shanghai', '2026-03-03T16:00:00.000Z'],
    // Clocks go forward at two in the morning there, and back in autumn.
    ['2026-03-30', 'Europe/Berlin', '2026-03-29T22:00:00.000Z'],
    ['2026-03-29', 'Europe/Berlin', '2026-03-28T23:00:00.000Z'],
    ['2026-10-25', 'Europe/Berlin', '2026-10-24T22:00:00.000Z'],
    // A day without a midnight begins at one.
    ['2018-11-04', 'America/Sao_Paulo', '2018-11-04T03:00:00.000Z'],
  ])('%s in %s', (day, zone, instant) => {
    expect(midnightOf(day, zone)).toBe(instant);
  });
});

describe('boundsOf', () => {
  test('ends with today and is preceded by as many days', () => {
    const bounds = boundsOf(new Date('2026-03-04T18:00:00Z'), 7, 'Asia/Shanghai');
    expect(bounds.current).toEqual({
      from: '2026-02-26T16:00:00.000Z',
      to: '2026-03-05T16:00:00.000Z',
    });
    expect(bounds.previous).toEqual({
      from: '2026-02-19T16:00:00.000Z',
      to: '2026-02-26T16:00:00.000Z',
    });
    expect(bounds.days).toHaveLength(7);
    expect(bounds.days.at(-1)).toBe('2026-03-05');
  });
});
