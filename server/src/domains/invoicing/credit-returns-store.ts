/** SQL about credit that is paid out. */
import { sql } from 'kysely';
import type { Executor } from '../../platform/database/pool.ts';
import type { CreditUse } from './credit-notes-store.ts';

type ReturnTables = {
  invoicing_credit_returns: { return_id: string; credit_note_id: string; minor: bigint };
};

const tables = (executor: Executor) => executor.withTables<ReturnTables>();

/** Adds to how much of a note a return has taken. */
export async function saveCreditReturn(
  executor: Executor,
  returnId: string,
  { creditNoteId, minor }: CreditUse,
): Promise<void> {
  await tables(executor)
    .insertInto('invoicing_credit_returns')
    .values({ return_id: returnId, credit_note_id: creditNoteId, minor })
    .onConflict((conflict) =>
      conflict
        .columns(['return_id', 'credit_note_id'])
        .doUpdateSet({ minor: sql`invoicing_credit_returns.minor + ${minor}` }),
    )
    .execute();
}

/**
 * A return has given back all that it took.
 * @scope row: its operation found it in scope.
 */
export async function clearCreditReturns(executor: Executor, returnId: string): Promise<void> {
  await tables(executor)
    .updateTable('invoicing_credit_returns')
    .set({ minor: 0n })
    .where('return_id', '=', returnId)
    .execute();
}

/**
 * What a return has taken, and not given back.
 * @scope row: of a credit note that is held.
 */
export async function findCreditReturns(
  executor: Executor,
  returnId: string,
): Promise<CreditUse[]> {
  const rows = await tables(executor)
    .selectFrom('invoicing_credit_returns')
    .select(['credit_note_id', 'minor'])
    .where('return_id', '=', returnId)
    .where('minor', '>', 0n)
    .orderBy('credit_note_id')
    .execute();
  return rows.map((row) => ({ creditNoteId: row.credit_note_id, minor: row.minor }));
}
