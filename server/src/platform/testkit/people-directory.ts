/** A small company in a directory: people, those who left, and their groups. */
import { LdapSettings } from '@sluice/contract/sign-in-providers';
import { type LdapServer, type LdapServerOptions, startSlapd } from './slapd.ts';

export const suffix = 'dc=example,dc=com';
export const readerPassword = 'reader of the tests';
/** Of everybody in it. */
export const password = 'correct horse battery';

interface Person {
  uid: string;
  cn: string;
  mail: string;
  lines?: readonly string[];
}

/** Ada leads, Bo keeps the books, Chen and Dora have left, two people share a name, and one has a name full of signs. */
const people: readonly Person[] = [
  { uid: 'ada', cn: 'Ada Lovelace', mail: 'ada@example.com' },
  { uid: 'bo', cn: 'Bo Li', mail: 'bo@example.com' },
  {
    ...{ uid: 'chen', cn: 'Chen Gone', mail: 'chen@example.com' },
    lines: ['pwdAccountLockedTime: 000001010000Z'],
  },
  {
    ...{ uid: 'dora', cn: 'Dora Disabled', mail: 'dora@example.com' },
    lines: ['objectClass: extensibleObject', 'userAccountControl: 514'],
  },
  { uid: 'twin', cn: 'Twin One', mail: 'twin1@example.com' },
  { uid: 'twin', cn: 'Twin Two', mail: 'twin2@example.com' },
  { uid: 'o(b*r)\\n', cn: 'O’Brien', mail: 'obrien@example.com' },
];

const groups: Readonly<Record<string, readonly string[]>> = {
  operators: ['Ada Lovelace'],
  engineers: ['Ada Lovelace', 'Bo Li'],
  books: ['Bo Li'],
};

export async function startDirectory(
  options: Partial<LdapServerOptions> = {},
): Promise<LdapServer> {
  return startSlapd({ suffix, ldif: ldif(), ...options });
}

/** Settings with which that directory is read. */
export function settingsOf(
  { url }: Pick<LdapServer, 'url'>,
  settings: Partial<LdapSettings> = {},
): LdapSettings {
  const written = { url, bind_dn: `cn=reader,${suffix}`, base_dn: suffix, timeout_ms: 2000 };
  return LdapSettings.parse({ ...written, ...settings });
}

export function dnOf(cn: string): string {
  return `cn=${cn},ou=people,${suffix}`;
}

function ldif(): string {
  return [
    entry(suffix, [
      'objectClass: dcObject',
      'objectClass: organization',
      'o: Example',
      'dc: example',
    ]),
    entry(`ou=people,${suffix}`, ['objectClass: organizationalUnit', 'ou: people']),
    entry(`ou=groups,${suffix}`, ['objectClass: organizationalUnit', 'ou: groups']),
    entry(`cn=reader,${suffix}`, [
      ...['objectClass: organizationalRole', 'objectClass: simpleSecurityObject'],
      ...['cn: reader', `userPassword: ${readerPassword}`],
    ]),
    ...people.map(({ uid, cn, mail, lines = [] }) =>
      entry(dnOf(cn), [
        ...['objectClass: inetOrgPerson', `cn: ${cn}`, `sn: ${cn}`, `uid: ${uid}`, `mail: ${mail}`],
        ...[`userPassword: ${password}`, ...lines],
      ]),
    ),
    ...Object.entries(groups).map(([cn, members]) =>
      entry(`cn=${cn},ou=groups,${suffix}`, [
        ...['objectClass: groupOfNames', `cn: ${cn}`],
        ...members.map((member) => `member: ${dnOf(member)}`),
      ]),
    ),
  ].join('\n');
}

/** Values in base 64, for names have letters of every kind. */
function entry(dn: string, lines: readonly string[]): string {
  const encode = (line: string) => {
    const colon = line.indexOf(': ');
    const value = Buffer.from(line.slice(colon + 2)).toString('base64');
    return `${line.slice(0, colon)}:: ${value}`;
  };
  return [encode(`dn: ${dn}`), ...lines.map(encode), ''].join('\n');
}
