/** Directories and identity providers with their settings, ready to be asked. */
import { type LdapSettings, OidcSettings, SamlSettings } from '@sluice/contract/sign-in-providers';
import type { Context } from '../../../platform/context.ts';
import { type Given, type GroupMappings, rolesOf, rolesWithin } from '../core/group-roles.ts';
import type { Directory, IdentityProvider } from '../provider.ts';
import { connectDirectory } from '../providers/ldap/index.ts';
import { connectOidc } from '../providers/oidc/index.ts';
import { connectSaml } from '../providers/saml/index.ts';
import { directoryId, findProvider, type ProviderRow } from '../store/sign-in-providers.ts';

/** Binds a sealed secret to its provider. */
export function sealPurpose(providerId: string): string {
  return `identity.provider.${providerId}`;
}

export function openSecret({ sealer }: Context, row: ProviderRow): string {
  return row.sealedSecret === null ? '' : sealer.open(row.sealedSecret, sealPurpose(row.id));
}

export interface LoadedDirectory {
  row: ProviderRow;
  settings: LdapSettings;
  directory: Directory;
}

/** The deployment's directory, where it is switched on. */
export async function loadDirectory(context: Context): Promise<LoadedDirectory | undefined> {
  const row = await findProvider(context.database, directoryId);
  const known = row && withEnvironment(context, row);
  return known?.enabled ? openDirectory(context, known) : undefined;
}

export function openDirectory(context: Context, row: ProviderRow): LoadedDirectory {
  const fromEnvironment = context.config.directory;
  const settings = fromEnvironment?.settings ?? (row.settings as LdapSettings);
  const readerPassword = fromEnvironment?.readerPassword ?? openSecret(context, row);
  return { row, settings, directory: connectDirectory(settings, readerPassword) };
}

/** `LDAP_URL` stands over what operators wrote. */
export function withEnvironment({ config }: Context, row: ProviderRow): ProviderRow {
  const { directory } = config;
  if (row.id !== directoryId || !directory) return row;
  return { ...row, name: directory.name, enabled: true, settings: directory.settings };
}

/** Where a provider sends browsers, and where it learns about us. */
export function addressesOf(
  { config }: Context,
  { id, kind }: Pick<ProviderRow, 'id' | 'kind'>,
): { redirect: string; metadata: string | null } {
  const place = `${config.publicUrl}/api/v1/auth/sso/${id}`;
  if (kind === 'saml') return { redirect: `${place}/acs`, metadata: `${place}/metadata` };
  return { redirect: `${place}/callback`, metadata: null };
}

export function connectProvider(context: Context, row: ProviderRow): IdentityProvider {
  const { redirect, metadata } = addressesOf(context, row);
  if (row.kind === 'saml') {
    const settings = SamlSettings.parse(row.settings);
    const entityId = metadata ?? redirect;
    return connectSaml({ settings, receiveUrl: redirect, entityId, now: context.clocks.wall });
  }
  return connectOidc({
    settings: OidcSettings.parse(row.settings),
    clientSecret: openSecret(context, row),
    redirectUrl: redirect,
    // An operator may name a provider next to the server; an organization must not lead us there.
    reach: { isTrusted: row.organizationId === null, mode: context.config.mode },
  });
}

/** What a person's groups at a provider give here. */
export function givenBy(row: ProviderRow, groups: readonly string[]): Given {
  const mappings = row.settings as unknown as GroupMappings;
  const { organizationId, defaultRole } = row;
  if (organizationId === null || defaultRole === null) return rolesOf(mappings, groups);
  return rolesWithin({ organizationId, defaultRole }, mappings, groups);
}
