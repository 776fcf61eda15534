import { describe, expect, it } from 'vitest';
import { isExpired, setupAfterQuery } from './method.ts';

describe('isExpired', () => {
  it.each([
    ['2026-03', '2026-03-31', false],
    ['2026-03', '2026-04-01', true],
    ['2027-01', '2026-12-31', false],
    [null, '2099-01-01', false],
  ])('of one that is good up to %s, on %s: %s', (expires, today, expected) => {
    expect(isExpired({ expires }, today)).toBe(expected);
  });
});

describe('setupAfterQuery', () => {
  const expiresAt = new Date('2026-03-05T12:00:00Z');
  const before = new Date(expiresAt.getTime() - 1);
  it.each([
    ['pending', before, 'pending'],
    ['absent', before, 'pending'],
    ['unknown', before, 'pending'],
    ['declined', before, 'failed'],
    ['pending', expiresAt, 'canceled'],
    ['unknown', expiresAt, 'canceled'],
    ['declined', expiresAt, 'failed'],
  ] as const)('%s at %s makes it %s', (outcome, now, expected) => {
    expect(setupAfterQuery({ expiresAt }, outcome, now)).toBe(expected);
  });
});
