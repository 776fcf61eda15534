/** SQL about attempts that are charged without the payer, or that others stand beside. */
import type { Executor } from '../../platform/database/pool.ts';
import type { AttemptStatus, NextStep } from './core/attempt.ts';
import type { DeclineCode } from './core/declines.ts';

type ChargeTables = {
  payments_attempts: {
    id: string;
    number: string;
    invoice_id: string;
    method_id: string | null;
    status: AttemptStatus;
    next: NextStep;
    reference: string | null;
    decline_code: DeclineCode | null;
    is_processing: boolean;
    next_query_at: Date | null;
    created_at: Date;
  };
};

const tables = (executor: Executor) => executor.withTables<ChargeTables>();
const open = ['pending', 'unknown'] as const;

/**
 * A charge of the invoice of which nobody knows yet how it ended.
 * @scope row: of an invoice or attempt that is held.
 */
export async function findOpenCharge(
  executor: Executor,
  invoiceId: string,
): Promise<string | undefined> {
  const row = await tables(executor)
    .selectFrom('payments_attempts')
    .select('id')
    .where('invoice_id', '=', invoiceId)
    .where('method_id', 'is not', null)
    .where('status', 'in', open)
    .executeTakeFirst();
  return row?.id;
}

/**
 * Whether a payer has done their part for the invoice and the money is under way, for days perhaps.
 * @scope row: of an invoice or attempt that is held.
 */
export async function isPaymentUnderWay(executor: Executor, invoiceId: string): Promise<boolean> {
  const row = await tables(executor)
    .selectFrom('payments_attempts')
    .select('id')
    .where('invoice_id', '=', invoiceId)
    .where('status', 'in', open)
    .where('is_processing', '=', true)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/**
 * When the invoice was last charged without the payer, whatever became of it.
 * @scope row: of an invoice or attempt that is held.
 */
export async function findLastChargeAt(
  executor: Executor,
  invoiceId: string,
): Promise<Date | undefined> {
  const row = await tables(executor)
    .selectFrom('payments_attempts')
    .select('created_at')
    .where('invoice_id', '=', invoiceId)
    .where('method_id', 'is not', null)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.created_at;
}

/**
 * Attempts of an invoice that may still bring money, the oldest first.
 * @scope row: of an invoice or attempt that is held.
 */
export async function listOpenAttemptIds(executor: Executor, invoiceId: string): Promise<string[]> {
  const rows = await tables(executor)
    .selectFrom('payments_attempts')
    .select('id')
    .where('invoice_id', '=', invoiceId)
    .where('status', 'in', open)
    .orderBy('id')
    .execute();
  return rows.map(({ id }) => id);
}

/** What is known of a charge that has no money yet. */
export async function saveCharge(
  executor: Executor,
  id: string,
  is: { isProcessing?: boolean; reference?: string | undefined },
): Promise<void> {
  const { isProcessing, reference } = is;
  if (isProcessing === undefined && reference === undefined) return;
  await tables(executor)
    .updateTable('payments_attempts')
    .set({
      ...(isProcessing === undefined ? {} : { is_processing: isProcessing }),
      ...(reference === undefined ? {} : { reference }),
    })
    .where('id', '=', id)
    .where('status', 'in', open)
    .execute();
}

/**
 * It is certain that it brings no money; false where it was over before.
 * @scope row: of an invoice or attempt that is held.
 */
export async function endAttempt(
  executor: Executor,
  id: string,
  is: { status: 'failed' | 'canceled'; declineCode: DeclineCode | null },
): Promise<boolean> {
  const ended = await tables(executor)
    .updateTable('payments_attempts')
    .set({
      ...{ status: is.status, decline_code: is.declineCode, is_processing: false },
      ...{ next: { type: 'none' }, next_query_at: null },
    })
    .where('id', '=', id)
    .where('status', 'in', open)
    .executeTakeFirst();
  return ended.numUpdatedRows === 1n;
}
