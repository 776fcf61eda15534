import { describe, expect, test } from 'vitest';
import { changedParts, type PlanVersion } from './version-changes.ts';

const version: PlanVersion = {
  version: 1,
  created_at: '2026-01-01T00:00:00Z',
  prices: [],
  trial_days: 14,
  setup_fee: '0',
  charges: [],
  proration: 'second',
  refund: 'unused',
  visible_to: 'public',
  overage: 'refuse',
  daily_limit: null,
  addon_of: null,
  quotas: [],
  features: { sso: true, seats: 5 },
  models: ['*'],
  rate_limits: { rpm: 60, tpm: null, concurrency: null },
  on_short_funds: 'reject',
  on_abort: 'delivered',
};

describe('changedParts', () => {
  test('names each part that differs', () => {
    const next: PlanVersion = {
      ...version,
      version: 2,
      created_at: '2026-02-01T00:00:00Z',
      trial_days: 7,
      rate_limits: { rpm: 90, tpm: null, concurrency: null },
    };
    expect(changedParts(next, version)).toEqual(['trial', 'rates']);
  });

  test('the order of features is no change', () => {
    expect(changedParts({ ...version, features: { seats: 5, sso: true } }, version)).toEqual([]);
  });
});
