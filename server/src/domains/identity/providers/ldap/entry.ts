/** What an entry of the directory says about a person. */
import type { LdapSettings } from '@sluice/contract/sign-in-providers';
import type { Entry } from 'ldapts';
import type { ProvenPerson } from '../../provider.ts';

/** Attributes by which directories close an account, besides refusing its password. */
const lockAttributes = [
  'pwdAccountLockedTime',
  'nsAccountLock',
  'userAccountControl',
  'loginDisabled',
];

/** Binary: it would not survive being read as text. */
export const binaryAttributes = ['objectGUID'];

export function attributesOf(settings: LdapSettings): string[] {
  const {
    id_attribute: id,
    mail_attribute: mail,
    name_attribute: name,
    uid_attribute: uid,
  } = settings;
  return [...new Set([id, mail, name, uid, ...lockAttributes])];
}

/** Undefined where the entry lacks the id that everything hangs on. */
export function personOf(
  entry: Entry,
  settings: LdapSettings,
  groups: readonly string[],
): ProvenPerson | undefined {
  const subject = firstOf(entry, settings.id_attribute);
  if (subject === undefined || subject === '') return undefined;
  return {
    subject,
    email: firstOf(entry, settings.mail_attribute) ?? null,
    // The operator's own directory says whose address it is.
    isEmailVerified: true,
    name: firstOf(entry, settings.name_attribute) ?? null,
    groups,
    hasSecondFactor: false,
  };
}

/**
 * Whether the directory has closed the account for good: by its password policy's special time (a lock that ends by
 * itself is the directory's to judge), 389 Directory Server's flag, eDirectory's, or bit 2 of Active Directory's.
 * https://datatracker.ietf.org/doc/html/draft-behera-ldap-password-policy-10#section-5.3.3
 */
export function isDisabled(entry: Entry): boolean {
  const flag = (name: string) => firstOf(entry, name)?.toLowerCase();
  if (flag('pwdAccountLockedTime')?.startsWith('000001010000')) return true;
  if (flag('nsAccountLock') === 'true' || flag('loginDisabled') === 'true') return true;
  return (Number(flag('userAccountControl') ?? 0) & 2) === 2;
}

/** The first value of an attribute, whose name is compared in any case; of bytes, their hexadecimal digits. */
export function firstOf(entry: Entry, attribute: string): string | undefined {
  const name = Object.keys(entry).find((key) => key.toLowerCase() === attribute.toLowerCase());
  const values = name === undefined ? undefined : entry[name];
  const value = Array.isArray(values) ? values[0] : values;
  if (value === undefined) return undefined;
  return Buffer.isBuffer(value) ? value.toString('hex') : value.trim();
}
