/** SQL about directories and identity providers; secrets are sealed before they come here. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../../platform/database/pool.ts';

export type ProviderKind = 'ldap' | 'oidc' | 'saml';
export type DefaultRole = 'admin' | 'billing' | 'member';

export interface ProviderRow {
  id: string;
  kind: ProviderKind;
  /** Whose people it signs in; null: the deployment's. */
  organizationId: string | null;
  name: string;
  enabled: boolean;
  settings: Readonly<Record<string, unknown>>;
  sealedSecret: string | null;
  /** What newcomers become in its organization; null for the deployment's. */
  defaultRole: DefaultRole | null;
  isRequired: boolean;
  updatedAt: Date;
}

export const directoryId = 'ldap';

const columns = sql`
  id, kind, organization_id as "organizationId", name, enabled, settings, sealed_secret as "sealedSecret",
  default_role as "defaultRole", is_required as "isRequired", updated_at as "updatedAt"
`;

/** The deployment's own, the directory first. */
export async function findProviders(executor: Executor): Promise<ProviderRow[]> {
  const { rows } = await sql<ProviderRow>`
    select ${columns}
    from identity_providers
    where organization_id is null
    order by kind = 'ldap' desc, id
    limit 100
  `.execute(executor);
  return rows;
}

/** @scope caller: compares whose it is; a sign-in begins without an organization */
export async function findProvider(
  executor: Executor,
  id: string,
): Promise<ProviderRow | undefined> {
  const { rows } = await sql<ProviderRow>`
    select ${columns}
    from identity_providers
    where id = ${id}
  `.execute(executor);
  return rows[0];
}

/** @scope caller: compares whose it is */
export async function lockProvider(
  transaction: Transaction,
  id: string,
): Promise<ProviderRow | undefined> {
  const { rows } = await sql<ProviderRow>`
    select ${columns}
    from identity_providers
    where id = ${id}
    for update
  `.execute(transaction);
  return rows[0];
}

export async function findOrganizationProvider(
  executor: Executor,
  organizationId: string,
): Promise<ProviderRow | undefined> {
  const { rows } = await sql<ProviderRow>`
    select ${columns}
    from identity_providers
    where organization_id = ${organizationId}
  `.execute(executor);
  return rows[0];
}

/** Inserts a provider or replaces everything but its id and its organization. */
export async function saveProvider(transaction: Transaction, provider: ProviderRow): Promise<void> {
  await sql`
    insert into identity_providers
      (id, kind, organization_id, name, enabled, settings, sealed_secret, default_role, is_required, created_at,
       updated_at)
    values
      (${provider.id}, ${provider.kind}, ${provider.organizationId}, ${provider.name}, ${provider.enabled},
       ${JSON.stringify(provider.settings)}::jsonb, ${provider.sealedSecret}, ${provider.defaultRole},
       ${provider.isRequired}, ${provider.updatedAt}, ${provider.updatedAt})
    on conflict (id) do update
    set kind = excluded.kind, name = excluded.name, enabled = excluded.enabled, settings = excluded.settings,
      sealed_secret = excluded.sealed_secret, default_role = excluded.default_role,
      is_required = excluded.is_required, updated_at = excluded.updated_at
  `.execute(transaction);
}

/** @scope row: its operation has locked it */
export async function deleteProvider(transaction: Transaction, id: string): Promise<void> {
  await sql`
    delete from identity_providers
    where id = ${id}
  `.execute(transaction);
}
