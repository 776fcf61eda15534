import { describe, expect, test } from 'vitest';
import { instantIn, instantsOf, localIn } from './zone-instant.ts';

describe('instantIn', () => {
  test.each([
    ['UTC', '2026-01-31T08:00', '2026-01-31T08:00:00.000Z'],
    ['Asia/Shanghai', '2026-01-31T00:00', '2026-01-30T16:00:00.000Z'],
    ['America/New_York', '2026-07-01T00:00', '2026-07-01T04:00:00.000Z'],
    // The clocks go forward at 2:00 and back at 2:00.
    ['America/New_York', '2026-03-08T12:00', '2026-03-08T16:00:00.000Z'],
    ['America/New_York', '2026-03-08T01:30', '2026-03-08T06:30:00.000Z'],
    ['America/New_York', '2026-11-01T23:00', '2026-11-02T04:00:00.000Z'],
  ])('in %s, %s is %s', (timeZone, local, instant) => {
    expect(instantIn(timeZone, local)).toBe(instant);
    expect(localIn(timeZone, instant)).toBe(local);
  });
});

describe('instantsOf', () => {
  test('takes in the whole last day', () => {
    expect(instantsOf('Asia/Shanghai', { from: '2026-01-31', to: '2026-01-31' })).toEqual({
      from: '2026-01-30T16:00:00.000Z',
      to: '2026-01-31T16:00:00.000Z',
    });
  });

  test('leaves an open end open', () => {
    expect(instantsOf('UTC', { from: '2026-01-31' })).toEqual({ from: '2026-01-31T00:00:00.000Z' });
  });
});
