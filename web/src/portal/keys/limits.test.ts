import { describe, expect, test } from 'vitest';
import { fieldsOf, limitsOf } from './limits.ts';

describe('limitsOf', () => {
  test('says none of what was left empty', () => {
    expect(limitsOf({ capDay: ' ', ipAllowlist: [], rpm: null })).toEqual({
      rate_limits: { rpm: null, tpm: null, concurrency: null },
      spend_caps: { day: null, month: null, total: null },
      ip_allowlist: null,
      tags: [],
    });
  });

  test('gives back what a key has', () => {
    const limits = {
      rate_limits: { rpm: 60, tpm: null, concurrency: 5 },
      spend_caps: { day: '1.50', month: null, total: '100' },
      ip_allowlist: ['203.0.113.0/24'],
      tags: ['team:research'],
    };
    expect(limitsOf(fieldsOf(limits as never))).toEqual(limits);
  });
});
