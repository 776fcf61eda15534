/** SQL about the pieces of money that came, by those who give them back. */
import type { Selectable } from 'kysely';
import { sql } from 'kysely';
import type { Executor } from '../../platform/database/pool.ts';
import type { MinorMoney } from '../../platform/money.ts';

interface CollectedColumns {
  id: string;
  provider: string;
  merchant: string;
  number: string;
  provider_transaction: string;
  attempt_id: string | null;
  amount_minor: bigint;
  currency: string;
  returned_minor: bigint;
}

type PieceTables = { payments_transactions: CollectedColumns };

const collectedColumns = [
  'id',
  'provider',
  'merchant',
  'number',
  'provider_transaction',
  'attempt_id',
  'amount_minor',
  'currency',
  'returned_minor',
] as const;

const tables = (executor: Executor) => executor.withTables<PieceTables>();

/** A piece of money that a provider collected, and how much of it went back. */
export interface CollectedPiece {
  id: string;
  provider: string;
  merchant: string;
  number: string;
  providerTransaction: string;
  attemptId: string | null;
  amount: MinorMoney;
  returnedMinor: bigint;
}

/**
 * The piece of money that an attempt succeeded with.
 * @scope row: of an attempt or a piece that was found in scope.
 */
export async function findPieceOfAttempt(
  executor: Executor,
  attempt: { id: string; providerTransaction: string | null },
): Promise<CollectedPiece | undefined> {
  const row = await tables(executor)
    .selectFrom('payments_transactions')
    .select(collectedColumns)
    .where('attempt_id', '=', attempt.id)
    .where('provider_transaction', '=', attempt.providerTransaction ?? '')
    .executeTakeFirst();
  return row && toPiece(row);
}

/**
 * Locks a piece of money: whatever gives some of it back waits here, whether or not there is an attempt.
 * @scope row: of an attempt or a piece that was found in scope.
 */
export async function lockPiece(
  executor: Executor,
  id: string,
): Promise<CollectedPiece | undefined> {
  const row = await tables(executor)
    .selectFrom('payments_transactions')
    .select(collectedColumns)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  return row && toPiece(row);
}

/** @scope row: of an attempt or a piece that was found in scope. */
export async function findPiece(
  executor: Executor,
  id: string,
): Promise<CollectedPiece | undefined> {
  const row = await tables(executor)
    .selectFrom('payments_transactions')
    .select(collectedColumns)
    .where('id', '=', id)
    .executeTakeFirst();
  return row && toPiece(row);
}

/**
 * The money that a provider speaks of, by its own number or by the order's; its own number counts first.
 * @scope job: a provider names it.
 */
export async function findPieceAtProvider(
  executor: Executor,
  asked: {
    provider: string;
    merchant: string;
    number: string | null;
    providerTransaction: string | null;
  },
): Promise<CollectedPiece | undefined> {
  const { provider, merchant, number, providerTransaction } = asked;
  const rows = await tables(executor)
    .selectFrom('payments_transactions')
    .select(collectedColumns)
    .where('provider', '=', provider)
    .where('merchant', '=', merchant)
    .where(({ eb, or }) =>
      or([
        eb('provider_transaction', '=', providerTransaction ?? ''),
        eb('number', '=', number ?? ''),
      ]),
    )
    .orderBy(sql`provider_transaction = ${providerTransaction ?? ''}`, 'desc')
    .orderBy('id')
    .limit(1)
    .execute();
  return rows[0] && toPiece(rows[0]);
}

function toPiece(row: Selectable<CollectedColumns>): CollectedPiece {
  return {
    id: row.id,
    provider: row.provider,
    merchant: row.merchant,
    number: row.number,
    providerTransaction: row.provider_transaction,
    attemptId: row.attempt_id,
    amount: { minor: row.amount_minor, currency: row.currency },
    returnedMinor: row.returned_minor,
  };
}
