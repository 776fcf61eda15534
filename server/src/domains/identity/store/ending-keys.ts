/** SQL about API keys that are about to expire. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../../platform/database/pool.ts';

interface Ahead {
  now: Date;
  /** So many days ahead of the end; keys that were made for less are not told of. */
  days: number;
}

export interface EndingKey {
  id: string;
  organizationId: string;
  name: string;
  expiresAt: Date;
}

/**
 * @scope deployment: a job looks at all customers' keys.
 */
export async function findEndingKeys(
  executor: Executor,
  { now, days, limit }: Ahead & { limit: number },
): Promise<EndingKey[]> {
  const { rows } = await sql<EndingKey>`
    select id, organization_id as "organizationId", name, expires_at as "expiresAt"
    from identity_api_keys
    where expires_at is not null and revoked_at is null
      and expires_at > ${now}
      and expires_at <= ${now}::timestamptz + make_interval(days => ${days})
      and created_at <= expires_at - make_interval(days => ${days})
      and end_told_for is distinct from expires_at
    order by expires_at, id
    limit ${limit}
  `.execute(executor);
  return rows;
}

/**
 * Answers false where another process has told of it, or its end was moved.
 * @scope row: found by a job.
 */
export async function markKeyEndTold(
  transaction: Transaction,
  { id, expiresAt }: EndingKey,
): Promise<boolean> {
  const marked = await sql`
    update identity_api_keys
    set end_told_for = expires_at
    where id = ${id} and expires_at = ${expiresAt} and revoked_at is null
      and end_told_for is distinct from expires_at
  `.execute(transaction);
  return marked.numAffectedRows === 1n;
}

/**
 * When the next key comes within so many days of its end.
 * @scope deployment: a sandbox's clock stops there.
 */
export async function findNextKeyEnding(
  executor: Executor,
  { now, days }: Ahead,
): Promise<Date | undefined> {
  const { rows } = await sql<{ at: Date | null }>`
    select min(expires_at) - make_interval(days => ${days}) as at
    from identity_api_keys
    where expires_at is not null and revoked_at is null
      and expires_at > ${now}::timestamptz + make_interval(days => ${days})
      and created_at <= expires_at - make_interval(days => ${days})
  `.execute(executor);
  return rows[0]?.at ?? undefined;
}
