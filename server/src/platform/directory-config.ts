/** The company's directory, as the environment sets it up: `LDAP_URL` and what belongs to it. */
import { readFileSync } from 'node:fs';
import { LdapSettings } from '@sluice/contract/sign-in-providers';
import { z } from 'zod';

const Text = z.string().optional();

/** The settings by name; what they mean and their defaults are the console's, in `LdapSettings`. */
export const directorySchema = {
  LDAP_URL: z
    .url({ protocol: /^ldaps?$/, error: 'must start with ldap:// or ldaps://' })
    .optional(),
  LDAP_NAME: z.string().max(60).default('LDAP'),
  LDAP_START_TLS: z.enum(['true', 'false']).default('false'),
  LDAP_CA_FILE: Text,
  LDAP_BIND_DN: Text,
  LDAP_BIND_PASSWORD: Text,
  LDAP_BASE_DN: Text,
  LDAP_USER_FILTER: Text,
  LDAP_ID_ATTRIBUTE: Text,
  LDAP_MAIL_ATTRIBUTE: Text,
  LDAP_NAME_ATTRIBUTE: Text,
  LDAP_UID_ATTRIBUTE: Text,
  LDAP_GROUP_BASE_DN: Text,
  LDAP_GROUP_FILTER: Text,
  LDAP_ADMIN_GROUPS: Text,
  LDAP_OPERATOR_GROUPS: Text,
  LDAP_ORGANIZATION_GROUPS: Text,
  LDAP_TIMEOUT_MS: z.coerce.number().int().min(500).max(20_000).optional(),
};

const Values = z.object(directorySchema);

/** A directory that the environment sets up; its settings are whole. */
export interface DirectoryConfig {
  name: string;
  settings: LdapSettings;
  readerPassword: string;
}

/** Undefined without `LDAP_URL`; otherwise the directory, or sentences that name what is wrong. */
export function readDirectory(
  values: z.infer<typeof Values>,
): { directory: DirectoryConfig } | { problems: string[] } | undefined {
  if (values.LDAP_URL === undefined) return undefined;
  const problems: string[] = [];
  const parsed = LdapSettings.safeParse(withoutGaps(writtenOf(values, problems)));
  for (const issue of parsed.error?.issues ?? []) {
    problems.push(`LDAP_${String(issue.path[0]).toUpperCase()}: ${issue.message}`);
  }
  if (!parsed.success || problems.length > 0) return { problems };
  const readerPassword = values.LDAP_BIND_PASSWORD ?? '';
  return { directory: { name: values.LDAP_NAME, settings: parsed.data, readerPassword } };
}

function writtenOf(values: z.infer<typeof Values>, problems: string[]): Record<string, unknown> {
  return {
    url: values.LDAP_URL,
    start_tls: values.LDAP_START_TLS === 'true',
    ca: readCa(values.LDAP_CA_FILE, problems),
    bind_dn: values.LDAP_BIND_DN,
    base_dn: values.LDAP_BASE_DN ?? '',
    user_filter: values.LDAP_USER_FILTER,
    id_attribute: values.LDAP_ID_ATTRIBUTE,
    mail_attribute: values.LDAP_MAIL_ATTRIBUTE,
    name_attribute: values.LDAP_NAME_ATTRIBUTE,
    uid_attribute: values.LDAP_UID_ATTRIBUTE,
    group_base_dn: values.LDAP_GROUP_BASE_DN,
    group_filter: values.LDAP_GROUP_FILTER,
    timeout_ms: values.LDAP_TIMEOUT_MS,
    admin_groups: listOf(values.LDAP_ADMIN_GROUPS),
    operator_groups: listOf(values.LDAP_OPERATOR_GROUPS),
    organization_groups: listOf(values.LDAP_ORGANIZATION_GROUPS)?.map(readMapping),
  };
}

function readCa(file: string | undefined, problems: string[]): string | undefined {
  if (file === undefined) return undefined;
  try {
    return readFileSync(file, 'utf8');
  } catch {
    problems.push('LDAP_CA_FILE: cannot be read');
    return undefined;
  }
}

/** Names of groups hold commas. */
function listOf(text: string | undefined): string[] | undefined {
  return text
    ?.split(';')
    .map((part) => part.trim())
    .filter(Boolean);
}

/** `org_…:member:engineers` */
function readMapping(text: string): { organization: string; role: string; group: string } {
  const [organization = '', role = '', ...group] = text.split(':');
  return { organization: organization.trim(), role: role.trim(), group: group.join(':') };
}

function withoutGaps(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
