import { describe, expect, test } from 'vitest';
import { timingsOf } from './action.ts';

const active = {
  status: 'active',
  period: { from: '2026-11-01T00:00:00Z', to: '2026-12-01T00:00:00Z' },
  cancel_at: null,
} as const;

describe('timingsOf', () => {
  test('what runs ends when one likes, its period’s end first', () => {
    expect(timingsOf(active)).toEqual(['period_end', 'now']);
    expect(timingsOf({ ...active, status: 'past_due' })).toEqual(['period_end', 'now']);
  });

  test.each([
    ['was paid once', { ...active, period: { ...active.period, to: null } }],
    ['is canceled already', { ...active, status: 'canceled', cancel_at: '2026-12-01T00:00:00Z' }],
    ['was never paid', { ...active, status: 'incomplete' }],
    ['is paused', { ...active, status: 'paused' }],
  ] as const)('what %s can only be ended now', (_, subscription) => {
    expect(timingsOf(subscription)).toEqual(['now']);
  });
});
