/** All SQL about what providers call our orders. */
import type { Executor } from '../../platform/database/pool.ts';

type ReferenceTables = { payments_attempts: { id: string; reference: string | null } };

/** Keeps what the provider calls an order whose first answer was lost; one that is known stays. */
export async function saveReference(
  executor: Executor,
  id: string,
  reference: string,
): Promise<void> {
  await executor
    .withTables<ReferenceTables>()
    .updateTable('payments_attempts')
    .set({ reference })
    .where('id', '=', id)
    .where('reference', 'is', null)
    .execute();
}
