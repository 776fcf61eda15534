/** All SQL about the money that came, and what of it is parked. */
import type { Insertable } from 'kysely';
import { gathered } from '../../platform/database/gathered.ts';
import type { Executor } from '../../platform/database/pool.ts';
import type { UnappliedReason } from './core/settlement.ts';

interface TransactionColumns {
  id: string;
  provider: string;
  provider_transaction: string;
  attempt_id: string | null;
  number: string;
  merchant: string;
  amount_minor: bigint;
  currency: string;
  source: 'notification' | 'query' | 'manual' | 'wallet' | 'reconciliation';
  received_at: Date;
  payer: string | null;
}

interface UnappliedColumns {
  id: string;
  transaction_id: string;
  organization_id: string | null;
  attempt_id: string | null;
  amount_minor: bigint;
  currency: string;
  reason: UnappliedReason;
  parked_at: Date;
}

type MoneyTables = {
  payments_transactions: TransactionColumns;
  payments_unapplied: UnappliedColumns;
  payments_attempts: { id: string; provider_transaction: string | null };
};

export type TransactionRow = Insertable<TransactionColumns>;
type UnappliedRow = Insertable<UnappliedColumns>;

const tables = (executor: Executor) => executor.withTables<MoneyTables>();

/**
 * Counts a piece of money. Where it was counted before, by this way or another, it answers the order that it was
 * counted for.
 * @scope job: a piece of money is counted once, whosever it is.
 */
export async function insertTransaction(
  executor: Executor,
  row: TransactionRow,
): Promise<{ isNew: true } | { isNew: false; number: string }> {
  if (await insertNew(executor, row)) return { isNew: true };
  const { number } = await tables(executor)
    .selectFrom('payments_transactions')
    .select('number')
    .where('provider', '=', row.provider)
    .where('merchant', '=', row.merchant)
    .where('provider_transaction', '=', row.provider_transaction)
    .executeTakeFirstOrThrow();
  return { isNew: false, number };
}

/** Answers false for what was counted before. */
const insertNew = gathered(async (executor, rows: readonly TransactionRow[]) => {
  const added = await tables(executor)
    .insertInto('payments_transactions')
    .values(rows)
    .onConflict((conflict) =>
      conflict.columns(['provider', 'merchant', 'provider_transaction']).doNothing(),
    )
    .returning('id')
    .execute();
  const ids = new Set(added.map(({ id }) => id));
  return rows.map(({ id }) => ids.has(id));
});

/**
 * The piece of money that an attempt succeeded with.
 * @scope row: of an attempt that is held.
 */
export async function findTransactionOf(
  executor: Executor,
  attemptId: string,
): Promise<{ id: string } | undefined> {
  return tables(executor)
    .selectFrom('payments_transactions as transaction')
    .innerJoin('payments_attempts as attempt', (join) =>
      join
        .onRef('attempt.id', '=', 'transaction.attempt_id')
        .onRef('attempt.provider_transaction', '=', 'transaction.provider_transaction'),
    )
    .select('transaction.id')
    .where('attempt.id', '=', attemptId)
    .executeTakeFirst();
}

export async function insertUnapplied(executor: Executor, row: UnappliedRow): Promise<void> {
  await tables(executor).insertInto('payments_unapplied').values(row).execute();
}
