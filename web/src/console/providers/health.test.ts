import { describe, expect, test } from 'vitest';
import { concernsOf, type Health } from './health.ts';

const health = (changes: {
  calls?: Partial<Health['calls']>;
  dead?: number;
  payments?: Partial<Health['payments']>;
}): Health => ({
  calls: { succeeded_at: null, failed_at: null, failed_call: null, ...changes.calls },
  notifications: { succeeded_at: null, failed_at: null, dead: changes.dead ?? 0 },
  payments: {
    ...{ succeeded: 0, failed: 0, open: 0, success_rate: null, overdue: 0 },
    ...changes.payments,
  },
});

describe('concernsOf', () => {
  const [morning, noon] = ['2026-03-04T08:00:00.000Z', '2026-03-04T12:00:00.000Z'];

  test.each([
    ['nothing of a provider that was never asked', health({}), []],
    [
      'silence that came after the last answer',
      health({ calls: { succeeded_at: morning, failed_at: noon } }),
      ['silent'],
    ],
    [
      'nothing of a silence that is over',
      health({ calls: { succeeded_at: noon, failed_at: morning } }),
      [],
    ],
    [
      'dead letters and overdue payments',
      health({ dead: 1, payments: { overdue: 2 } }),
      ['dead', 'overdue'],
    ],
    [
      'many declines',
      health({ payments: { succeeded: 9, failed: 1, success_rate: 0.9 } }),
      ['declining'],
    ],
    [
      'nothing of one decline among few',
      health({ payments: { succeeded: 1, failed: 1, success_rate: 0.5 } }),
      [],
    ],
  ])('finds %s', (_what, given, concerns) => {
    expect(concernsOf(given)).toEqual(concerns);
  });
});
