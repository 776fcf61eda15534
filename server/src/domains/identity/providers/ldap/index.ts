/**
 * A company's directory over LDAP. Who signs in is looked up by a reader, then proven by binding as the entry found: the
 * password is judged by the directory alone. Referrals are never followed, for they would send the password elsewhere.
 */
import type { LdapSettings } from '@sluice/contract/sign-in-providers';
import type { Client, Entry } from 'ldapts';
import type { Directory, DirectoryAnswer, DirectoryTest } from '../../provider.ts';
import { loadLdap, withDirectory } from './connection.ts';
import { attributesOf, binaryAttributes, firstOf, isDisabled, personOf } from './entry.ts';
import { fillFilter, type Ldap } from './filter.ts';

const groupsMax = 500;

export function connectDirectory(settings: LdapSettings, readerPassword: string): Directory {
  const directory = { settings, readerPassword };
  return {
    prove: (credentials) => prove(directory, credentials),
    test: (login) => test(directory, login),
    findStanding: (subjects) => findStanding(directory, subjects),
  };
}

interface Place {
  settings: LdapSettings;
  readerPassword: string;
}

async function prove(
  place: Place,
  { login, password }: { login: string; password: string },
): Promise<DirectoryAnswer> {
  // A bind without a password is anonymous and succeeds (RFC 4513, 5.1.2): it proves nobody.
  if (password === '') return { status: 'wrong' };
  const ldap = await loadLdap();
  try {
    return await withDirectory(ldap, place.settings, async (client) => {
      await bindReader(client, place);
      const entry = await findEntry(ldap, client, place.settings, login);
      // Nobody, or several: a bind that cannot succeed takes the time that one which may does.
      const dn = entry?.dn ?? `cn=nobody,${place.settings.base_dn}`;
      const isRight = await isPasswordOf(ldap, client, { dn, password });
      if (!entry || !isRight) return { status: 'wrong' };
      if (isDisabled(entry)) return { status: 'disabled' };
      await bindReader(client, place);
      const groups = await findGroups(ldap, client, place.settings, entry);
      const person = personOf(entry, place.settings, groups);
      if (person) return { status: 'proven', person };
      return { status: 'unavailable', problem: lacksId(place.settings) };
    });
  } catch (error) {
    return { status: 'unavailable', problem: problemOf(error) };
  }
}

async function test(place: Place, login: string | undefined): Promise<DirectoryTest> {
  const ldap = await loadLdap();
  const { settings } = place;
  try {
    return await withDirectory(ldap, settings, async (client) => {
      await bindReader(client, place);
      if (login === undefined) {
        await client.search(settings.base_dn, { scope: 'base', attributes: ['1.1'], sizeLimit: 1 });
        return { status: 'answers' };
      }
      const entry = await findEntry(ldap, client, settings, login);
      if (!entry) return { status: 'not_found' };
      const person = personOf(entry, settings, await findGroups(ldap, client, settings, entry));
      if (!person) return { status: 'unavailable', problem: lacksId(settings) };
      return { status: 'found', person, isDisabled: isDisabled(entry) };
    });
  } catch (error) {
    return { status: 'unavailable', problem: problemOf(error) };
  }
}

async function findStanding(
  place: Place,
  subjects: readonly string[],
): Promise<Map<string, 'active' | 'gone'> | undefined> {
  const ldap = await loadLdap();
  const { settings } = place;
  try {
    return await withDirectory(ldap, settings, async (client) => {
      await bindReader(client, place);
      const standing = new Map<string, 'active' | 'gone'>();
      for (const subject of subjects) {
        const entry = await searchOne(client, settings, idFilter(ldap, settings, subject));
        standing.set(subject, entry && !isDisabled(entry) ? 'active' : 'gone');
      }
      return standing;
    });
  } catch {
    return undefined;
  }
}

function idFilter(ldap: Ldap, settings: LdapSettings, subject: string) {
  const attribute = settings.id_attribute;
  const isBinary = binaryAttributes.some((name) => name.toLowerCase() === attribute.toLowerCase());
  const value = isBinary ? Buffer.from(subject, 'hex') : subject;
  return new ldap.EqualityFilter({ attribute, value });
}

/** Without a reader the directory is read by anybody. */
async function bindReader(client: Client, { settings, readerPassword }: Place): Promise<void> {
  await client.bind(settings.bind_dn, settings.bind_dn === '' ? '' : readerPassword);
}

function findEntry(
  ldap: Ldap,
  client: Client,
  settings: LdapSettings,
  login: string,
): Promise<Entry | undefined> {
  return searchOne(client, settings, fillFilter(ldap, settings.user_filter, { login }));
}

/** The one entry that a filter finds; where it finds several, it has not said who it is. */
async function searchOne(
  client: Client,
  settings: LdapSettings,
  filter: import('ldapts').Filter,
): Promise<Entry | undefined> {
  const { searchEntries } = await client.search(settings.base_dn, {
    scope: 'sub',
    filter,
    derefAliases: 'never',
    attributes: attributesOf(settings),
    explicitBufferAttributes: binaryAttributes,
    sizeLimit: 2,
    timeLimit: Math.ceil(settings.timeout_ms / 1000),
  });
  return searchEntries.length === 1 ? searchEntries[0] : undefined;
}

async function isPasswordOf(
  ldap: Ldap,
  client: Client,
  { dn, password }: { dn: string; password: string },
): Promise<boolean> {
  try {
    await client.bind(dn, password);
    return true;
  } catch (error) {
    if (wrongPasswordErrors(ldap).some((kind) => error instanceof kind)) return false;
    throw error;
  }
}

/** What directories answer to a password that is wrong, locked, or of nobody. */
function wrongPasswordErrors(ldap: Ldap) {
  return [
    ldap.InvalidCredentialsError,
    ldap.InappropriateAuthError,
    ldap.NoSuchObjectError,
    ldap.ConstraintViolationError,
    ldap.UnwillingToPerformError,
    ldap.InvalidDNSyntaxError,
  ];
}

/** Names of the person's groups, each as its whole DN and as the value of its first part. */
async function findGroups(
  ldap: Ldap,
  client: Client,
  settings: LdapSettings,
  entry: Entry,
): Promise<string[]> {
  if (settings.group_filter === '') return [];
  const uid = firstOf(entry, settings.uid_attribute) ?? '';
  const filter = fillFilter(ldap, settings.group_filter, { dn: entry.dn, uid });
  const { searchEntries } = await client.search(settings.group_base_dn || settings.base_dn, {
    scope: 'sub',
    filter,
    derefAliases: 'never',
    attributes: ['cn'],
    sizeLimit: groupsMax,
    timeLimit: Math.ceil(settings.timeout_ms / 1000),
  });
  return searchEntries.flatMap((group) => [group.dn, firstOf(group, 'cn') ?? group.dn]);
}

function lacksId(settings: LdapSettings): string {
  return `The entry has no ${settings.id_attribute}: name an attribute that every person has.`;
}

/** What the operator is told: the directory's own words hold no password. */
function problemOf(error: unknown): string {
  const said = error instanceof Error ? error.message : String(error);
  return `The directory could not be asked (${said.slice(0, 200)}): check its address, reader and filters.`;
}
