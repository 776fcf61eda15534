/** All SQL about what becomes of money that fitted nothing. */
import type { Executor } from '../../platform/database/pool.ts';
import type { MinorMoney } from '../../platform/money.ts';
import type { UnappliedReason } from './core/settlement.ts';
import { goneOf, type Unapplied, type UnappliedState } from './core/unapplied.ts';

interface UnappliedColumns {
  id: string;
  transaction_id: string;
  organization_id: string | null;
  attempt_id: string | null;
  amount_minor: bigint;
  currency: string;
  reason: UnappliedReason;
  state: UnappliedState;
  applied_invoice_id: string | null;
  applied_minor: bigint | null;
  applied_currency: string | null;
  resolved_at: Date | null;
  resolved_by: string | null;
}

type UnappliedTables = {
  payments_unapplied: UnappliedColumns;
  payments_transactions: {
    id: string;
    provider: string;
    provider_transaction: string;
    received_at: Date;
    amount_minor: bigint;
    currency: string;
    returned_minor: bigint;
  };
};

const tables = (executor: Executor) => executor.withTables<UnappliedTables>();

export interface UnappliedFilter {
  id?: string | undefined;
  organizationId?: string | undefined;
  attemptId?: string | undefined;
  transactionId?: string | undefined;
  state?: UnappliedState | undefined;
  provider?: string | undefined;
  before?: string | undefined;
  limit: number;
}

/** Money that fitted nothing, newest first. */
export async function listUnappliedRows(
  executor: Executor,
  filter: UnappliedFilter,
): Promise<Unapplied[]> {
  const { id, organizationId, attemptId, transactionId, state, provider, before, limit } = filter;
  let query = selectUnapplied(executor).orderBy('unapplied.id', 'desc').limit(limit);
  if (id !== undefined) query = query.where('unapplied.id', '=', id);
  if (organizationId !== undefined) {
    query = query.where('unapplied.organization_id', '=', organizationId);
  }
  if (attemptId !== undefined) query = query.where('unapplied.attempt_id', '=', attemptId);
  if (transactionId !== undefined) {
    query = query.where('unapplied.transaction_id', '=', transactionId);
  }
  if (state !== undefined) query = query.where('unapplied.state', '=', state);
  if (provider !== undefined) query = query.where('transaction.provider', '=', provider);
  if (before !== undefined) query = query.where('unapplied.id', '<', before);
  return (await query.execute()).map(toUnapplied);
}

export async function findUnapplied(
  executor: Executor,
  id: string,
): Promise<Unapplied | undefined> {
  const [found] = await listUnappliedRows(executor, { id, limit: 1 });
  return found;
}

/** Locks parked money; its attempt is locked before. */
export async function lockUnapplied(
  executor: Executor,
  id: string,
): Promise<Unapplied | undefined> {
  const row = await selectUnapplied(executor)
    .where('unapplied.id', '=', id)
    .forUpdate('unapplied')
    .executeTakeFirst();
  return row && toUnapplied(row);
}

/** Keeps what a locked piece became part of. */
export async function saveApplied(
  executor: Executor,
  id: string,
  applied: {
    organizationId: string;
    invoiceId: string | null;
    money: MinorMoney;
    at: Date;
    by: string | null;
  },
): Promise<void> {
  await tables(executor)
    .updateTable('payments_unapplied')
    .set({
      organization_id: applied.organizationId,
      state: 'applied',
      applied_invoice_id: applied.invoiceId,
      applied_minor: applied.money.minor,
      applied_currency: applied.money.currency,
      resolved_at: applied.at,
      resolved_by: applied.by,
    })
    .where('id', '=', id)
    .where('state', '=', 'open')
    .execute();
}

export async function saveReturned(
  executor: Executor,
  id: string,
  { at, by }: { at: Date; by: string | null },
): Promise<void> {
  await tables(executor)
    .updateTable('payments_unapplied')
    .set({ state: 'returned', resolved_at: at, resolved_by: by })
    .where('id', '=', id)
    .where('state', '=', 'open')
    .execute();
}

/**
 * Its refund failed: it waits for an operator again.
 * @scope row: its operation found it in scope.
 */
export async function reopenUnapplied(executor: Executor, id: string): Promise<void> {
  await tables(executor)
    .updateTable('payments_unapplied')
    .set({ state: 'open', resolved_at: null, resolved_by: null })
    .where('id', '=', id)
    .where('state', '=', 'returned')
    .execute();
}

/** @scope deployment: only operators see money that fits nothing. */
function selectUnapplied(executor: Executor) {
  return tables(executor)
    .selectFrom('payments_unapplied as unapplied')
    .innerJoin('payments_transactions as transaction', (join) =>
      join.onRef('transaction.id', '=', 'unapplied.transaction_id'),
    )
    .select([
      'unapplied.id',
      'unapplied.transaction_id',
      'unapplied.organization_id',
      'unapplied.attempt_id',
      'unapplied.amount_minor',
      'unapplied.currency',
      'unapplied.reason',
      'unapplied.state',
      'unapplied.applied_invoice_id',
      'unapplied.applied_minor',
      'unapplied.applied_currency',
      'unapplied.resolved_at',
      'unapplied.resolved_by',
      'transaction.provider',
      'transaction.provider_transaction',
      'transaction.received_at',
      'transaction.amount_minor as piece_minor',
      'transaction.currency as piece_currency',
      'transaction.returned_minor',
    ]);
}

type Row = UnappliedColumns & {
  provider: string;
  provider_transaction: string;
  received_at: Date;
  piece_minor: bigint;
  piece_currency: string;
  returned_minor: bigint;
};

function toUnapplied(row: Row): Unapplied {
  const { applied_minor: minor, applied_currency: currency } = row;
  const whole = { minor: row.amount_minor, currency: row.currency };
  const gone = goneOf(whole, {
    amount: { minor: row.piece_minor, currency: row.piece_currency },
    returnedMinor: row.returned_minor,
  });
  return {
    id: row.id,
    transactionId: row.transaction_id,
    organizationId: row.organization_id,
    attemptId: row.attempt_id,
    amount: row.state === 'open' ? { ...whole, minor: whole.minor - gone } : whole,
    whole,
    reason: row.reason,
    state: row.state,
    applied:
      minor === null || currency === null
        ? null
        : { invoiceId: row.applied_invoice_id, money: { minor, currency } },
    resolvedAt: row.resolved_at,
    resolvedBy: row.resolved_by,
    provider: row.provider,
    providerTransaction: row.provider_transaction,
    receivedAt: row.received_at,
  };
}
