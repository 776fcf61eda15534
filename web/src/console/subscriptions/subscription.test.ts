import { describe, expect, test } from 'vitest';
import { canEndLater, nextOf } from './subscription.ts';

const at = '2026-03-01T00:00:00.000Z';

describe('canEndLater', () => {
  test.each([
    ['active', at, true],
    ['trialing', at, true],
    ['past_due', at, true],
    ['active', null, false],
    ['paused', at, false],
    ['incomplete', at, false],
    ['canceled', at, false],
  ] as const)('%s until %s: %s', (status, to, expected) => {
    expect(canEndLater({ status, period: { from: at, to } })).toBe(expected);
  });
});

describe('nextOf', () => {
  const nothing = { ended_at: null, cancel_at: null, renews_at: null };

  test('an end goes before a renewal, and what has ended before both', () => {
    expect(nextOf({ ...nothing, renews_at: at })).toEqual({ what: 'renews', at });
    expect(nextOf({ ...nothing, cancel_at: at, renews_at: at })).toEqual({ what: 'ends', at });
    expect(nextOf({ ended_at: at, cancel_at: at, renews_at: at })).toEqual({ what: 'ended', at });
  });

  test('what was paid once goes on', () => {
    expect(nextOf(nothing)).toBeUndefined();
  });
});
