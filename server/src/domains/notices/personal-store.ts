/** SQL about what notices keep about a person. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../platform/database/pool.ts';
import { readOwnedRows } from '../../platform/personal-data.ts';

/** What they were told, and the chats of their own organization. */
export function readPersonalNotices(
  executor: Executor,
  { userId, organizationId }: { userId: string; organizationId: string | undefined },
): Record<string, AsyncIterable<unknown>> {
  const own = { key: 'id', owner: 'organization_id' };
  const chats = {
    ...own,
    table: 'notices_destinations',
    without: ['sealed_address', 'sealed_code', 'code_hash'],
  };
  return {
    tellings: readOwnedRows(
      executor,
      { ...own, table: 'notices_tellings', owner: 'user_id' },
      userId,
    ),
    about_you: readOwnedRows(
      executor,
      { ...own, table: 'notices_notices', owner: 'user_id' },
      userId,
    ),
    ...(organizationId !== undefined && {
      notices: readOwnedRows(executor, { ...own, table: 'notices_notices' }, organizationId),
      chats: readOwnedRows(executor, chats, organizationId),
    }),
  };
}

/**
 * What they were told, and everything that their own organization was.
 * @scope person: of whoever is deleted.
 */
export async function deletePersonalNotices(
  transaction: Transaction,
  { userId, organizationId }: { userId: string; organizationId: string | undefined },
): Promise<void> {
  const own = organizationId ?? null;
  await sql`
    delete from notices_tellings where user_id = ${userId} or organization_id = ${own}
  `.execute(transaction);
  await sql`
    delete from notices_notices where user_id = ${userId} or organization_id = ${own}
  `.execute(transaction);
  await sql`delete from notices_destinations where organization_id = ${own}`.execute(transaction);
  await sql`
    update notices_destinations set created_by = null where created_by = ${userId}
  `.execute(transaction);
}
