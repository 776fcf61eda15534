import { describe, expect, it } from 'vitest';
import { type AutoTopUp, decideRefill } from './auto-top-up.ts';

const rule: AutoTopUp = {
  ...{ organizationId: 'org_1', enabled: true, methodId: 'pm_1', off: null },
  below: 5_000_000_000n,
  amount: { minor: 2_000n, currency: 'USD' },
  monthlyLimitMinor: 5_000n,
};
const idle = { monthMinor: 0n, isUnderWay: false };
const empty = { available: 0n, refills: idle };

describe('decideRefill', () => {
  it.each([
    ['a wallet below its line', rule, empty, { due: true }],
    [
      'one that is a nano-unit below',
      rule,
      { ...empty, available: rule.below - 1n },
      { due: true },
    ],
    ['one that is on it', rule, { ...empty, available: rule.below }, { due: false, why: 'enough' }],
    ['a rule that is off', { ...rule, enabled: false }, empty, { due: false, why: 'off' }],
    [
      'a refill that is under way',
      rule,
      { ...empty, refills: { ...idle, isUnderWay: true } },
      { due: false, why: 'under_way' },
    ],
    [
      'a month that has room for exactly one more',
      rule,
      { ...empty, refills: { ...idle, monthMinor: 3_000n } },
      { due: true },
    ],
    [
      'a month that lacks a cent for one more',
      rule,
      { ...empty, refills: { ...idle, monthMinor: 3_001n } },
      { due: false, why: 'limit_reached' },
    ],
  ] as const)('%s', (_what, agreed, standing, expected) => {
    expect(decideRefill(agreed, standing)).toEqual(expected);
  });
});
