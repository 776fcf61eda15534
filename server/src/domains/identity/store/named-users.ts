/** SQL for names of several people at once. */
import { sql } from 'kysely';
import type { Executor } from '../../../platform/database/pool.ts';

/**
 * People of these ids that have an account.
 * @scope deployment: the caller says whose ids may be asked for.
 */
export async function findUsersByIds(
  executor: Executor,
  ids: readonly string[],
): Promise<{ id: string; name: string | null; email: string }[]> {
  const { rows } = await sql<{ id: string; name: string | null; email: string }>`
    select id, name, email
    from identity_users
    where id = any(${[...ids]}::text[])
  `.execute(executor);
  return rows;
}

/** Those of the users that are members. */
export async function findMembersOf(
  executor: Executor,
  organizationId: string,
  userIds: readonly string[],
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select user_id as id
    from identity_members
    where organization_id = ${organizationId} and user_id = any(${[...userIds]}::text[])
  `.execute(executor);
  return rows.map(({ id }) => id);
}
