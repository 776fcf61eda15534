import { describe, expect, test } from 'vitest';
import { mayUseFrom } from './ip-allowlist.ts';
import { decideStatus } from './standing.ts';

describe('decideStatus', () => {
  const since = new Date('2026-03-01T08:00:00Z');
  test.each([
    ['active', null, '2026-03-20T00:00:00Z', undefined],
    ['suspended', null, '2026-03-01T08:00:00Z', 'organization_suspended'],
    ['past_due', since, '2026-03-01T08:00:00Z', undefined],
    ['past_due', since, '2026-03-08T07:59:59.999Z', undefined],
    ['past_due', since, '2026-03-08T08:00:00Z', 'organization_past_due'],
  ] as const)('%s since %s is at %s: %s', (organizationStatus, pastDueSince, now, code) => {
    const standing = { organizationStatus, organizationPastDueSince: pastDueSince };
    const decision = decideStatus(standing, { graceDays: 7, now: new Date(now) });
    expect(decision).toEqual(code ? { permitted: false, code } : { permitted: true });
  });
});

describe('mayUseFrom', () => {
  test.each([
    [null, '198.51.100.1', true],
    [['203.0.113.0/24'], '203.0.113.9', true],
    [['203.0.113.0/24'], '::ffff:203.0.113.9', true],
    [['203.0.113.0/24'], '203.0.114.9', false],
    [['203.0.113.7'], '203.0.113.8', false],
    [['2001:db8::/32'], '2001:db8:1::1', true],
    [['2001:db8::/32'], '2001:db9::1', false],
    [['2001:db8::/32'], '203.0.113.9', false],
    [['0.0.0.0/0'], '2001:db8::1', false],
    [['203.0.113.0/24'], null, false],
    [['203.0.113.0/24'], 'nowhere', false],
  ])('a key of %j from %s: %s', (ipAllowlist, ip, allowed) => {
    expect(mayUseFrom({ ipAllowlist }, ip)).toBe(allowed);
  });
});
