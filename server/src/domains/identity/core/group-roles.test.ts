import { describe, expect, test } from 'vitest';
import { rolesOf, rolesWithin } from './group-roles.ts';

const mappings = {
  admin_groups: ['cn=Admins, ou=groups, dc=example'],
  operator_groups: ['support'],
  organization_groups: [
    { group: 'engineers', organization: 'org_1', role: 'member' as const },
    { group: 'books', organization: 'org_1', role: 'billing' as const },
    { group: 'books', organization: 'org_2', role: 'admin' as const },
  ],
};
const given = (...groups: string[]) => {
  const { platformRole, memberships } = rolesOf(mappings, groups);
  return [platformRole, Object.fromEntries(memberships)];
};

describe('rolesOf', () => {
  test.each([
    [[], null, {}],
    [['SUPPORT'], 'operator', {}],
    [['support', 'CN=admins,OU=Groups,DC=example'], 'admin', {}],
    [['engineers'], null, { org_1: 'member' }],
    [['books', 'engineers'], null, { org_1: 'billing', org_2: 'admin' }],
    // A part of a name is another name.
    [['support-desk', 'admins'], null, {}],
  ])('of %j are %s and %j', (groups, platformRole, memberships) => {
    expect(given(...groups)).toEqual([platformRole, memberships]);
  });
});

describe('rolesWithin', () => {
  test('keeps an organization’s provider to its own organization, with a role for everybody', () => {
    const own = { organizationId: 'org_1', defaultRole: 'member' as const };
    const of = (groups: string[]) => rolesWithin(own, mappings, groups);
    const groups = ['books', 'support', 'cn=admins,ou=groups,dc=example'];
    expect(of(groups)).toEqual({
      platformRole: null,
      memberships: new Map([['org_1', 'billing']]),
    });
    expect(of([])).toEqual({ platformRole: null, memberships: new Map([['org_1', 'member']]) });
  });
});
