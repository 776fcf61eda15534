import { LdapSettings } from '@sluice/contract/sign-in-providers';
import { describe, expect, test } from 'vitest';
import { isDisabled, personOf } from './entry.ts';

const entry = { dn: 'cn=Ada,dc=example' };
const settings = LdapSettings.parse({ url: 'ldap://localhost', base_dn: 'dc=example' });

describe('isDisabled', () => {
  test.each([
    [{}, false],
    [{ userAccountControl: '512' }, false],
    [{ userAccountControl: '514' }, true],
    [{ useraccountcontrol: ['66050'] }, true],
    [{ nsAccountLock: 'FALSE' }, false],
    [{ nsAccountLock: 'TRUE' }, true],
    [{ loginDisabled: 'true' }, true],
    [{ pwdAccountLockedTime: '000001010000Z' }, true],
    // This one ends by itself: the directory refuses the password as long as it lasts.
    [{ pwdAccountLockedTime: '20260101000000Z' }, false],
  ])('reads %j as %s', (attributes, expected) => {
    expect(isDisabled({ ...entry, ...attributes })).toBe(expected);
  });
});

describe('personOf', () => {
  test('reads an id of bytes, and attributes in any case', () => {
    const objectGUID = Buffer.from('0102ff', 'hex');
    const person = personOf(
      { ...entry, objectGUID, Mail: ['ada@example.com', 'other@example.com'], CN: 'Ada' },
      { ...settings, id_attribute: 'objectguid' },
      ['engineers'],
    );
    expect(person).toMatchObject({ subject: '0102ff', email: 'ada@example.com', name: 'Ada' });
  });

  test('is nobody without an id', () => {
    expect(personOf({ ...entry, mail: 'ada@example.com' }, settings, [])).toBeUndefined();
    expect(personOf({ ...entry, entryUUID: [] }, settings, [])).toBeUndefined();
  });
});
