/** SQL about people as providers know them, and about what their groups gave. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../../platform/database/pool.ts';
import type { DefaultRole, ProviderKind } from './sign-in-providers.ts';

export interface IdentityRow {
  id: string;
  providerId: string;
  subject: string;
  userId: string;
  email: string | null;
  /** The provider made the account, and keeps its name and address in step. */
  isHome: boolean;
  grantedPlatformRole: 'operator' | 'admin' | null;
  /** Since when the directory has closed it, or knows it no more. */
  closedAt: Date | null;
}

const columns = sql`
  id, provider_id as "providerId", subject, user_id as "userId", email, is_home as "isHome",
  granted_platform_role as "grantedPlatformRole", closed_at as "closedAt"
`;

/** One sign-in of a subject at a time; the lock ends with the transaction. */
export async function lockSubject(
  transaction: Transaction,
  { providerId, subject }: { providerId: string; subject: string },
): Promise<void> {
  const name = `identity:external:${providerId}:${subject}`;
  await sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(transaction);
}

export async function findIdentity(
  executor: Executor,
  { providerId, subject }: { providerId: string; subject: string },
): Promise<IdentityRow | undefined> {
  const { rows } = await sql<IdentityRow>`
    select ${columns}
    from identity_external_identities
    where provider_id = ${providerId} and subject = ${subject}
  `.execute(executor);
  return rows[0];
}

export async function findIdentityOf(
  executor: Executor,
  { userId, providerId }: { userId: string; providerId: string },
): Promise<IdentityRow | undefined> {
  const { rows } = await sql<IdentityRow>`
    select ${columns}
    from identity_external_identities
    where user_id = ${userId} and provider_id = ${providerId}
  `.execute(executor);
  return rows[0];
}

/** Locks one of a person's identities. */
export async function lockIdentity(
  transaction: Transaction,
  { id, userId }: { id: string; userId: string },
): Promise<IdentityRow | undefined> {
  const { rows } = await sql<IdentityRow>`
    select ${columns}
    from identity_external_identities
    where id = ${id} and user_id = ${userId}
    for update
  `.execute(transaction);
  return rows[0];
}

export interface ShownIdentity extends IdentityRow {
  kind: ProviderKind;
  providerName: string;
  createdAt: Date;
  lastUsedAt: Date;
}

/**
 * Everything that providers know of a person: one identity at each.
 * @scope person: where somebody signs in from
 */
export async function findIdentities(executor: Executor, userId: string): Promise<ShownIdentity[]> {
  const { rows } = await sql<ShownIdentity>`
    select i.id, i.provider_id as "providerId", i.subject, i.user_id as "userId", i.email, i.is_home as "isHome",
      i.granted_platform_role as "grantedPlatformRole", i.closed_at as "closedAt", p.kind, p.name as "providerName",
      i.created_at as "createdAt", i.last_used_at as "lastUsedAt"
    from identity_external_identities as i
    join identity_providers as p on p.id = i.provider_id
    where i.user_id = ${userId}
    order by i.id
    limit 200
  `.execute(executor);
  return rows;
}

/** Identities at a provider, in pages by id. */
export async function findIdentitiesAt(
  executor: Executor,
  page: { providerId: string; after: string | undefined; limit: number },
): Promise<IdentityRow[]> {
  const { rows } = await sql<IdentityRow>`
    select ${columns}
    from identity_external_identities
    where provider_id = ${page.providerId} and (${page.after ?? null}::text is null or id > ${page.after ?? null})
    order by id
    limit ${page.limit}
  `.execute(executor);
  return rows;
}

export async function insertIdentity(
  transaction: Transaction,
  identity: IdentityRow & { at: Date },
): Promise<void> {
  await sql`
    insert into identity_external_identities
      (id, provider_id, subject, user_id, email, is_home, granted_platform_role, created_at, last_used_at)
    values
      (${identity.id}, ${identity.providerId}, ${identity.subject}, ${identity.userId}, ${identity.email},
       ${identity.isHome}, ${identity.grantedPlatformRole}, ${identity.at}, ${identity.at})
  `.execute(transaction);
}

export async function updateIdentity(
  transaction: Transaction,
  identity: Pick<IdentityRow, 'id' | 'email' | 'grantedPlatformRole'> & { lastUsedAt: Date },
): Promise<void> {
  await sql`
    update identity_external_identities
    set email = ${identity.email}, granted_platform_role = ${identity.grantedPlatformRole},
      last_used_at = ${identity.lastUsedAt}, closed_at = null
    where id = ${identity.id}
  `.execute(transaction);
}

/** Nothing that it gave is left where it is closed. */
export async function markIdentityClosed(
  transaction: Transaction,
  { id, closedAt }: { id: string; closedAt: Date | null },
): Promise<void> {
  await sql`
    update identity_external_identities
    set closed_at = ${closedAt}, granted_platform_role = null
    where id = ${id}
  `.execute(transaction);
}

export async function deleteIdentity(transaction: Transaction, id: string): Promise<void> {
  await sql`
    delete from identity_external_identities
    where id = ${id}
  `.execute(transaction);
}

export interface GrantedMembership {
  organizationId: string;
  role: DefaultRole;
}

/** @scope person: what a directory gave somebody */
export async function findGrantedMemberships(
  executor: Executor,
  identityId: string,
): Promise<GrantedMembership[]> {
  const { rows } = await sql<GrantedMembership>`
    select organization_id as "organizationId", role
    from identity_granted_memberships
    where identity_id = ${identityId}
    order by organization_id
  `.execute(executor);
  return rows;
}

export async function saveGrantedMembership(
  transaction: Transaction,
  { identityId, organizationId, role }: GrantedMembership & { identityId: string },
): Promise<void> {
  await sql`
    insert into identity_granted_memberships (identity_id, organization_id, role)
    values (${identityId}, ${organizationId}, ${role})
    on conflict (identity_id, organization_id) do update
    set role = excluded.role
  `.execute(transaction);
}

export async function deleteGrantedMembership(
  transaction: Transaction,
  { identityId, organizationId }: { identityId: string; organizationId: string },
): Promise<void> {
  await sql`
    delete from identity_granted_memberships
    where identity_id = ${identityId} and organization_id = ${organizationId}
  `.execute(transaction);
}
