import { describe, expect, test } from 'vitest';
import { decideAccount, domainOf, emailOf, findClaimProblem, nameOf } from './external-account.ts';

const claim = {
  email: 'ada@example.com',
  isEmailVerified: true,
  organizationId: null,
  domainOwner: undefined,
};

describe('findClaimProblem', () => {
  test.each([
    [{}, undefined],
    [{ email: null }, 'no_email'],
    [{ isEmailVerified: false }, 'unverified_email'],
    // The deployment's providers are believed about domains of organizations, too.
    [{ domainOwner: 'org_1' }, undefined],
    [{ organizationId: 'org_1' }, 'foreign_email'],
    [{ organizationId: 'org_1', domainOwner: 'org_2' }, 'foreign_email'],
    [{ organizationId: 'org_1', domainOwner: 'org_1' }, undefined],
    [{ organizationId: 'org_1', domainOwner: 'org_1', isEmailVerified: false }, undefined],
  ])('with %j is %s', (change, problem) => {
    expect(findClaimProblem({ ...claim, ...change })).toBe(problem);
  });
});

describe('decideAccount', () => {
  const account = { id: 'usr_1', isOperator: false, isTaken: false };

  test.each([
    [undefined, { kind: 'create' }],
    [account, { kind: 'join', userId: 'usr_1' }],
    [
      { ...account, isOperator: true },
      { kind: 'refused', reason: 'operator' },
    ],
    [
      { ...account, isTaken: true },
      { kind: 'refused', reason: 'taken' },
    ],
  ])('for %j is %j', (found, decision) => {
    expect(decideAccount(found)).toEqual(decision);
  });
});

describe('emailOf', () => {
  test.each([
    [' Ada@Example.COM ', 'ada@example.com'],
    ['a@b@example.com', undefined],
    ['ada', undefined],
    ['@example.com', undefined],
    ['ada@example', undefined],
    ['Ada <ada@example.com>', undefined],
    ['"a@evil.com"@example.com', undefined],
    ['ada@example.com\nbcc: x@y.z', undefined],
    [`${'a'.repeat(250)}@example.com`, undefined],
    [null, undefined],
  ])('reads %j as %j', (text, email) => {
    expect(emailOf(text)).toBe(email);
  });
});

test('domainOf and nameOf take what counts', () => {
  expect(domainOf('ada@Example.com')).toBe('example.com');
  expect(nameOf('  Ada\u001b[31m\u0000 ')).toBe('Ada [31m');
  expect(nameOf(' \n')).toBeNull();
  expect(nameOf('x'.repeat(300))).toHaveLength(100);
});
