/** SQL about the keys of applications. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../../platform/database/pool.ts';
import type { ApplicationKey } from '../core/application-key.ts';

const columns = sql`
  k.id, k.application_id as "applicationId", k.name, k.prefix, k.last_used_at as "lastUsedAt",
  k.created_at as "createdAt", k.revoked_at as "revokedAt"
`;

export interface NewApplicationKey extends Omit<ApplicationKey, 'lastUsedAt' | 'revokedAt'> {
  createdBy: string;
  secretHash: string;
}

export async function insertApplicationKey(
  transaction: Transaction,
  key: NewApplicationKey,
): Promise<ApplicationKey> {
  const { rows } = await sql<ApplicationKey>`
    insert into identity_application_keys as k
      (id, application_id, created_by, name, secret_hash, prefix, created_at)
    values
      (${key.id}, ${key.applicationId}, ${key.createdBy}, ${key.name}, ${key.secretHash}, ${key.prefix},
       ${key.createdAt})
    returning ${columns}
  `.execute(transaction);
  return rows[0] as ApplicationKey;
}

export async function countLiveApplicationKeys(
  executor: Executor,
  applicationId: string,
): Promise<number> {
  const { rows } = await sql<{ count: bigint }>`
    select count(*) as count
    from identity_application_keys
    where application_id = ${applicationId} and revoked_at is null
  `.execute(executor);
  return Number(rows[0]?.count ?? 0n);
}

/** Keys of an application, newest first. */
export async function findApplicationKeys(
  executor: Executor,
  page: { applicationId: string; before: string | undefined; limit: number },
): Promise<ApplicationKey[]> {
  const { rows } = await sql<ApplicationKey>`
    select ${columns}
    from identity_application_keys as k
    where k.application_id = ${page.applicationId}
      and (${page.before ?? null}::text is null or k.id < ${page.before ?? null})
    order by k.id desc
    limit ${page.limit}
  `.execute(executor);
  return rows;
}

export async function lockApplicationKey(
  transaction: Transaction,
  key: { id: string; applicationId: string },
): Promise<ApplicationKey | undefined> {
  const { rows } = await sql<ApplicationKey>`
    select ${columns}
    from identity_application_keys as k
    where k.id = ${key.id} and k.application_id = ${key.applicationId}
    for update
  `.execute(transaction);
  return rows[0];
}

export async function markApplicationKeyRevoked(
  transaction: Transaction,
  key: { id: string; at: Date },
): Promise<void> {
  await sql`
    update identity_application_keys
    set revoked_at = ${key.at}
    where id = ${key.id}
  `.execute(transaction);
}

/** What must be known of a secret: whose it is, and whether it may be used. */
export interface ApplicationAccess {
  applicationKeyId: string;
  applicationId: string;
  applicationStatus: 'active' | 'archived';
  revokedAt: Date | null;
}

export async function findApplicationKeyBySecret(
  executor: Executor,
  secretHash: string,
): Promise<ApplicationAccess | undefined> {
  const { rows } = await sql<ApplicationAccess>`
    select k.id as "applicationKeyId", k.application_id as "applicationId", a.status as "applicationStatus",
      k.revoked_at as "revokedAt"
    from identity_application_keys as k
    join identity_applications as a on a.id = k.application_id
    where k.secret_hash = ${secretHash}
  `.execute(executor);
  return rows[0];
}

/** Moves the last use of many keys on; rows in the order of their ids. */
export async function touchApplicationKeys(
  executor: Executor,
  uses: ReadonlyMap<string, Date>,
): Promise<void> {
  const ids = [...uses.keys()].sort();
  const instants = ids.map((id) => uses.get(id)?.toISOString() ?? null);
  await sql`
    with used as (
      select k.id, u.at
      from unnest(${ids}::text[], ${instants}::timestamptz[]) as u (id, at)
      join identity_application_keys as k on k.id = u.id
      order by k.id
      for update of k
    )
    update identity_application_keys as k
    set last_used_at = greatest(k.last_used_at, used.at)
    from used
    where k.id = used.id
  `.execute(executor);
}
