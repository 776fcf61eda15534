/** How the contract writes providers, what they know of people, and domains; secrets are in none of it. */
import type { AnswerOf } from '@sluice/contract/endpoint';
import type { SignInProvider } from '@sluice/contract/sign-in-providers';
import type { getOrganizationSso, listIdentities } from '@sluice/contract/single-sign-on';
import type { z } from 'zod';
import type { Context } from '../../platform/context.ts';
import { addressesOf } from './operations/load-sign-in-provider.ts';
import { type OrganizationSso, recordNameOf } from './operations/organization-sso.ts';
import type { ShownIdentity } from './store/external-identities.ts';
import { directoryId, type ProviderRow } from './store/sign-in-providers.ts';

export function presentProvider(
  context: Context,
  row: ProviderRow,
): z.infer<typeof SignInProvider> {
  const fromEnvironment = row.id === directoryId ? context.config.directory : undefined;
  const readerPassword = fromEnvironment?.readerPassword ?? '';
  return {
    ...{ id: row.id, kind: row.kind, name: row.name, enabled: row.enabled },
    has_secret: fromEnvironment ? readerPassword !== '' : row.sealedSecret !== null,
    from_environment: fromEnvironment !== undefined,
    settings: { ...row.settings },
    addresses: row.kind === 'ldap' ? null : addressesOf(context, row),
    updated_at: row.updatedAt.toISOString(),
  };
}

export function presentSso(
  context: Context,
  { domains, provider }: OrganizationSso,
): AnswerOf<typeof getOrganizationSso> {
  return {
    domains: domains.map(({ domain, token, provenAt }) => ({
      domain,
      proven_at: provenAt?.toISOString() ?? null,
      record: { name: recordNameOf(domain), value: token },
    })),
    provider: provider ? presentOwnProvider(context, provider) : null,
    default_role: provider?.defaultRole ?? 'member',
    required: provider?.isRequired ?? false,
  };
}

function presentOwnProvider(context: Context, row: ProviderRow) {
  return {
    ...{ id: row.id, kind: row.kind === 'saml' ? ('saml' as const) : ('oidc' as const) },
    ...{ name: row.name, enabled: row.enabled, has_secret: row.sealedSecret !== null },
    settings: { ...row.settings },
    addresses: addressesOf(context, row),
  };
}

export function presentIdentity(
  identity: ShownIdentity,
): AnswerOf<typeof listIdentities>['data'][number] {
  const { id, providerId, kind, providerName, email, createdAt, lastUsedAt } = identity;
  return {
    id,
    provider: { id: providerId, kind, name: providerName },
    email,
    created_at: createdAt.toISOString(),
    last_used_at: lastUsedAt.toISOString(),
  };
}
