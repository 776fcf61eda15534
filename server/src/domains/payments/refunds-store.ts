/** All SQL about refunds. */
import type { Selectable } from 'kysely';
import type { Executor } from '../../platform/database/pool.ts';
import type { Refund, RefundDestination, RefundSource, RefundStatus } from './core/refund.ts';

interface RefundColumns {
  id: string;
  number: string;
  transaction_id: string;
  attempt_id: string | null;
  unapplied_id: string | null;
  organization_id: string | null;
  provider: string;
  merchant: string;
  source: RefundSource;
  invoice_id: string | null;
  destination: RefundDestination;
  origin: 'operator' | 'provider';
  amount_minor: bigint;
  currency: string;
  charged_minor: bigint;
  charged_currency: string;
  wallet_minor: bigint | null;
  wallet_currency: string | null;
  reason: string;
  status: RefundStatus;
  reference: string | null;
  failure: string | null;
  queries: number;
  next_query_at: Date | null;
  requested_by: string | null;
  created_at: Date;
  finished_at: Date | null;
}

type RefundTables = { payments_refunds: RefundColumns };

const columns = [
  'id',
  'number',
  'transaction_id',
  'attempt_id',
  'unapplied_id',
  'organization_id',
  'provider',
  'merchant',
  'source',
  'invoice_id',
  'destination',
  'origin',
  'amount_minor',
  'currency',
  'charged_minor',
  'charged_currency',
  'wallet_minor',
  'wallet_currency',
  'reason',
  'status',
  'reference',
  'failure',
  'queries',
  'requested_by',
  'created_at',
  'finished_at',
] as const;

const tables = (executor: Executor) => executor.withTables<RefundTables>();

/** Writes a refund down; the row's trigger counts it, and refuses more than was collected. */
export async function insertRefund(
  executor: Executor,
  refund: Refund,
  nextQueryAt: Date | null,
): Promise<void> {
  await tables(executor)
    .insertInto('payments_refunds')
    .values({
      id: refund.id,
      number: refund.number,
      transaction_id: refund.transactionId,
      attempt_id: refund.attemptId,
      unapplied_id: refund.unappliedId,
      organization_id: refund.organizationId,
      provider: refund.provider,
      merchant: refund.merchant,
      source: refund.source,
      invoice_id: refund.invoiceId,
      destination: refund.destination,
      origin: refund.origin,
      amount_minor: refund.amount.minor,
      currency: refund.amount.currency,
      charged_minor: refund.charged.minor,
      charged_currency: refund.charged.currency,
      wallet_minor: refund.wallet?.minor ?? null,
      wallet_currency: refund.wallet?.currency ?? null,
      reason: refund.reason,
      status: refund.status,
      reference: refund.reference,
      failure: refund.failure,
      queries: refund.queries,
      next_query_at: nextQueryAt,
      requested_by: refund.requestedBy,
      created_at: refund.createdAt,
      finished_at: refund.finishedAt,
    })
    .execute();
}

/** @scope deployment: only operators and jobs see a refund by its id. */
export async function findRefund(executor: Executor, id: string): Promise<Refund | undefined> {
  const row = await tables(executor)
    .selectFrom('payments_refunds')
    .select(columns)
    .where('id', '=', id)
    .executeTakeFirst();
  return row && toRefund(row);
}

/**
 * Locks a refund; its attempt is locked before.
 * @scope row: its operation found it.
 */
export async function lockRefund(executor: Executor, id: string): Promise<Refund | undefined> {
  const row = await tables(executor)
    .selectFrom('payments_refunds')
    .select(columns)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  return row && toRefund(row);
}

/**
 * By our number, or by what its provider calls it.
 * @scope job: a provider names it.
 */
export async function findRefundAtProvider(
  executor: Executor,
  { provider, number, reference }: { provider: string; number: string | null; reference: string },
): Promise<Refund | undefined> {
  const rows = await tables(executor)
    .selectFrom('payments_refunds')
    .select(columns)
    .where('provider', '=', provider)
    .where(({ eb, or }) =>
      or([
        eb('reference', '=', reference),
        ...(number === null ? [] : [eb('number', '=', number)]),
      ]),
    )
    .execute();
  const found = rows.find((row) => row.number === number) ?? rows[0];
  return found && toRefund(found);
}

export interface RefundFilter {
  organizationId?: string | undefined;
  attemptId?: string | undefined;
  transactionId?: string | undefined;
  status?: RefundStatus | undefined;
  origin?: Refund['origin'] | undefined;
  /** When they were asked for. */
  from?: Date | undefined;
  to?: Date | undefined;
  before?: string | undefined;
  limit: number;
}

/**
 * Refunds, newest first.
 * @scope deployment: operators list all; a customer’s are of a payment that was compared.
 */
export async function listRefundRows(executor: Executor, filter: RefundFilter): Promise<Refund[]> {
  const { organizationId, attemptId, transactionId, status, origin, from, to, before } = filter;
  let query = tables(executor)
    .selectFrom('payments_refunds')
    .select(columns)
    .orderBy('id', 'desc')
    .limit(filter.limit);
  if (organizationId !== undefined) query = query.where('organization_id', '=', organizationId);
  if (attemptId !== undefined) query = query.where('attempt_id', '=', attemptId);
  if (transactionId !== undefined) query = query.where('transaction_id', '=', transactionId);
  if (status !== undefined) query = query.where('status', '=', status);
  if (origin !== undefined) query = query.where('origin', '=', origin);
  if (from !== undefined) query = query.where('created_at', '>=', from);
  if (to !== undefined) query = query.where('created_at', '<', to);
  if (before !== undefined) query = query.where('id', '<', before);
  return (await query.execute()).map(toRefund);
}

export interface RefundChange {
  status: RefundStatus;
  reference: string | null;
  failure: string | null;
  finishedAt: Date | null;
}

/** Keeps what became of a locked refund; one that is finished is not asked about any more. */
export async function saveRefund(
  executor: Executor,
  id: string,
  { status, reference, failure, finishedAt }: RefundChange,
): Promise<void> {
  await tables(executor)
    .updateTable('payments_refunds')
    .set({
      ...{ status, reference, failure, finished_at: finishedAt },
      ...(finishedAt !== null && { next_query_at: null }),
    })
    .where('id', '=', id)
    .execute();
}

/**
 * Takes one refund for a question to its provider, so that two processes never ask at once.
 * @scope job: whatever is due, of every customer.
 */
export async function claimRefund(
  executor: Executor,
  { id, queries }: Pick<Refund, 'id' | 'queries'>,
  againAt: Date,
): Promise<boolean> {
  const result = await tables(executor)
    .updateTable('payments_refunds')
    .set({ queries: queries + 1, next_query_at: againAt })
    .where('id', '=', id)
    .where('queries', '=', queries)
    .where('next_query_at', 'is not', null)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/**
 * Refunds whose provider is to be asked now, the longest due first.
 * @scope job: whatever is due, of every customer.
 */
export async function listDueRefunds(
  executor: Executor,
  wall: Date,
  limit: number,
): Promise<Refund[]> {
  const rows = await tables(executor)
    .selectFrom('payments_refunds')
    .select(columns)
    .where('next_query_at', '<=', wall)
    .orderBy('next_query_at')
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(toRefund);
}

type RefundRow = Omit<Selectable<RefundColumns>, 'next_query_at'>;

function toRefund(row: RefundRow): Refund {
  const { wallet_minor: walletMinor, wallet_currency: walletCurrency } = row;
  return {
    id: row.id,
    number: row.number,
    transactionId: row.transaction_id,
    attemptId: row.attempt_id,
    unappliedId: row.unapplied_id,
    organizationId: row.organization_id,
    provider: row.provider,
    merchant: row.merchant,
    source: row.source,
    invoiceId: row.invoice_id,
    destination: row.destination,
    origin: row.origin,
    amount: { minor: row.amount_minor, currency: row.currency },
    charged: { minor: row.charged_minor, currency: row.charged_currency },
    wallet:
      walletMinor === null || walletCurrency === null
        ? null
        : { minor: walletMinor, currency: walletCurrency },
    reason: row.reason,
    status: row.status,
    reference: row.reference,
    failure: row.failure,
    queries: row.queries,
    requestedBy: row.requested_by,
    createdAt: row.created_at,
    finishedAt: row.finished_at,
  };
}
