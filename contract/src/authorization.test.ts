import { expect, test } from 'vitest';
import { authorization } from './authorization.ts';
import { accountRules } from './authorization-accounts.ts';
import { operatorRules } from './authorization-operators.ts';
import { organizationRules } from './authorization-organizations.ts';
import { ssoRules } from './authorization-sso.ts';
import { endpoints, type Operation } from './index.ts';
import {
  organizationRoles,
  ownersPermission,
  permissions,
  platformPermissions,
  platformRoles,
} from './permissions.ts';

test('every operation has one row, and every row an operation', () => {
  const tables = [accountRules, organizationRules, operatorRules, ssoRules];
  const rows = tables.flatMap((rules) => Object.keys(rules));
  expect(rows.sort()).toEqual(endpoints.map(({ operation }) => operation).sort());
});

test("only operators' endpoints ask for a role on the deployment, and they ask for nothing else", () => {
  for (const { operation, path } of endpoints) {
    const rule = authorization[operation as Operation];
    const isOperators = rule.platformPermission !== undefined;
    expect(isOperators, operation).toBe(path.startsWith('/api/v1/admin/'));
    const others = [rule.anyone, rule.person, rule.permission, rule.apiKey, rule.application];
    expect(isOperators && others.some(Boolean), operation).toBe(false);
  }
});

test('every permission is asked for by some operation', () => {
  const rules = Object.values(authorization);
  const asked = new Set(rules.map(({ permission }) => permission));
  const askedOfOperators = new Set(rules.map((rule) => rule.platformPermission));
  expect(permissions.filter((one) => !asked.has(one))).toEqual([]);
  expect(platformPermissions.filter((one) => !askedOfOperators.has(one))).toEqual([]);
});

test('an owner holds everything, an admin all but what is the owners’', () => {
  expect(organizationRoles.owner).toEqual(permissions);
  expect(permissions.filter((one) => !organizationRoles.admin.includes(one))).toEqual([
    ownersPermission,
  ]);
});

test('whoever answers for the bills makes no keys, and a member spends nothing but by keys', () => {
  const { billing, member } = organizationRoles;
  expect(billing.filter((one) => /^(keys|members|security|roles|audit)\./.test(one))).toEqual([]);
  expect(member.filter((one) => /\.(pay|own)$/.test(one))).toEqual([]);
  expect(member.filter((one) => one.endsWith('.manage'))).toEqual(['keys.manage']);
});

test('an operator reads everything and changes nothing, but may support customers', () => {
  const { operator, admin } = platformRoles;
  const reading = platformPermissions.filter((one) => one.endsWith('.read'));
  expect([...operator].sort()).toEqual([...reading, 'customers.support'].sort());
  expect(admin).toEqual(platformPermissions);
  for (const { operation, method } of endpoints) {
    const { platformPermission } = authorization[operation as Operation];
    if (platformPermission?.endsWith('.read')) expect(method, operation).toBe('GET');
  }
});
