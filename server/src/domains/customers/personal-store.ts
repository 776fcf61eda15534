/** SQL about what operators noted about a person's own organization. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../platform/database/pool.ts';
import { readOwnedRows } from '../../platform/personal-data.ts';

export function readPersonalNotes(
  executor: Executor,
  organizationId: string,
): Record<string, AsyncIterable<unknown>> {
  const rows = { table: 'customers_notes', owner: 'organization_id', key: 'id' };
  return { notes: readOwnedRows(executor, { ...rows, without: ['author_id'] }, organizationId) };
}

/** Notes stay but for this: the transaction says whose go. */
export async function deleteNotesOf(
  transaction: Transaction,
  organizationId: string,
): Promise<void> {
  await sql`select set_config('customers.erased_organization', ${organizationId}, true)`.execute(
    transaction,
  );
  await sql`
    delete from customers_notes
    where organization_id = ${organizationId}
  `.execute(transaction);
}
