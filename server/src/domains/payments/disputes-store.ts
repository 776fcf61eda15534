/** All SQL about disputes. */
import type { Selectable } from 'kysely';
import { sql } from 'kysely';
import type { Executor } from '../../platform/database/pool.ts';
import { contestedOf, type Dispute, type DisputeStatus } from './core/dispute.ts';

interface DisputeColumns {
  id: string;
  provider: string;
  merchant: string;
  reference: string;
  transaction_id: string | null;
  attempt_id: string | null;
  organization_id: string | null;
  amount_minor: bigint;
  currency: string;
  status: DisputeStatus;
  reason: string;
  respond_by: Date | null;
  is_withdrawn: boolean;
  booked_minor: bigint;
  borne_by: 'customer' | 'us' | null;
  borne_minor: bigint | null;
  note: string | null;
  queries: number;
  next_query_at: Date | null;
  opened_at: Date;
  changed_at: Date;
  closed_at: Date | null;
  resolved_at: Date | null;
  resolved_by: string | null;
}

type DisputeTables = { payments_disputes: DisputeColumns };

const columns = [
  'id',
  'provider',
  'merchant',
  'reference',
  'transaction_id',
  'attempt_id',
  'organization_id',
  'amount_minor',
  'currency',
  'status',
  'reason',
  'respond_by',
  'is_withdrawn',
  'booked_minor',
  'borne_by',
  'borne_minor',
  'note',
  'queries',
  'opened_at',
  'changed_at',
  'closed_at',
  'resolved_at',
  'resolved_by',
] as const;

const tables = (executor: Executor) => executor.withTables<DisputeTables>();

/** Writes a dispute down where nobody has; whoever comes second waits for the first to commit. */
export async function insertDispute(executor: Executor, dispute: Dispute): Promise<void> {
  await tables(executor)
    .insertInto('payments_disputes')
    .values({ ...toRow(dispute), next_query_at: null })
    .onConflict((conflict) => conflict.columns(['provider', 'merchant', 'reference']).doNothing())
    .execute();
}

type Named = Pick<Dispute, 'provider' | 'merchant' | 'reference'>;

/**
 * Locks a dispute by what its provider calls it; its attempt is locked before.
 * @scope job: a provider names it.
 */
export async function lockDisputeNamed(
  executor: Executor,
  { provider, merchant, reference }: Named,
): Promise<Dispute | undefined> {
  const row = await tables(executor)
    .selectFrom('payments_disputes')
    .select(columns)
    .where('provider', '=', provider)
    .where('merchant', '=', merchant)
    .where('reference', '=', reference)
    .forUpdate()
    .executeTakeFirst();
  return row && toDispute(row);
}

/** @scope job: a provider names it. */
export async function findDisputeNamed(
  executor: Executor,
  { provider, merchant, reference }: Named,
): Promise<Dispute | undefined> {
  const row = await tables(executor)
    .selectFrom('payments_disputes')
    .select(columns)
    .where('provider', '=', provider)
    .where('merchant', '=', merchant)
    .where('reference', '=', reference)
    .executeTakeFirst();
  return row && toDispute(row);
}

/** @scope deployment: only operators and jobs see disputes. */
export async function findDispute(executor: Executor, id: string): Promise<Dispute | undefined> {
  const row = await tables(executor)
    .selectFrom('payments_disputes')
    .select(columns)
    .where('id', '=', id)
    .executeTakeFirst();
  return row && toDispute(row);
}

/** Keeps a locked dispute as it is now. */
export async function saveDispute(
  executor: Executor,
  dispute: Dispute,
  nextQueryAt: Date | null,
): Promise<void> {
  const { id, queries: _queries, opened_at: _openedAt, ...changes } = toRow(dispute);
  await tables(executor)
    .updateTable('payments_disputes')
    .set({ ...changes, next_query_at: nextQueryAt })
    .where('id', '=', id)
    .execute();
}

export interface DisputeFilter {
  organizationId?: string | undefined;
  attemptId?: string | undefined;
  status?: DisputeStatus | undefined;
  isUnresolved?: boolean | undefined;
  before?: string | undefined;
  limit: number;
}

/**
 * Disputes, newest first.
 * @scope deployment: only operators list disputes.
 */
export async function listDisputeRows(
  executor: Executor,
  filter: DisputeFilter,
): Promise<Dispute[]> {
  const { organizationId, attemptId, status, isUnresolved, before, limit } = filter;
  let query = tables(executor)
    .selectFrom('payments_disputes')
    .select(columns)
    .orderBy('id', 'desc')
    .limit(limit);
  if (organizationId !== undefined) query = query.where('organization_id', '=', organizationId);
  if (attemptId !== undefined) query = query.where('attempt_id', '=', attemptId);
  if (status !== undefined) query = query.where('status', '=', status);
  if (isUnresolved) query = query.where('status', '=', 'lost').where('borne_by', 'is', null);
  if (before !== undefined) query = query.where('id', '<', before);
  return (await query.execute()).map(toDispute);
}

const disputesOfPieceMax = 100;

/**
 * How much of a piece of money is disputed and not won.
 * @scope row: of an attempt that is held.
 */
export async function sumContested(executor: Executor, transactionId: string): Promise<bigint> {
  const rows = await tables(executor)
    .selectFrom('payments_disputes')
    .select(columns)
    .where('transaction_id', '=', transactionId)
    .limit(disputesOfPieceMax)
    .execute();
  return rows.map(toDispute).reduce((sum, dispute) => sum + contestedOf(dispute), 0n);
}

/**
 * Takes disputes that their provider is to be asked about, so that two processes never ask about one at once.
 * @scope job: whatever is due, of every customer.
 */
export async function claimDueDisputes(
  executor: Executor,
  wall: Date,
  options: { limit: number; againAt: Date },
): Promise<Dispute[]> {
  const rows = await tables(executor)
    .updateTable('payments_disputes')
    .set({ queries: sql`queries + 1`, next_query_at: options.againAt })
    .where('id', 'in', (builder) =>
      builder
        .selectFrom('payments_disputes')
        .select('id')
        .where('next_query_at', '<=', wall)
        .orderBy('next_query_at')
        .orderBy('id')
        .limit(options.limit)
        .forUpdate()
        .skipLocked(),
    )
    .returning(columns)
    .execute();
  return rows.map(toDispute);
}

type DisputeRow = Omit<Selectable<DisputeColumns>, 'next_query_at'>;

function toRow(dispute: Dispute): DisputeRow {
  return {
    id: dispute.id,
    provider: dispute.provider,
    merchant: dispute.merchant,
    reference: dispute.reference,
    transaction_id: dispute.transactionId,
    attempt_id: dispute.attemptId,
    organization_id: dispute.organizationId,
    amount_minor: dispute.amount.minor,
    currency: dispute.amount.currency,
    status: dispute.status,
    reason: dispute.reason,
    respond_by: dispute.respondBy,
    is_withdrawn: dispute.isWithdrawn,
    booked_minor: dispute.bookedMinor,
    borne_by: dispute.borneBy,
    borne_minor: dispute.borneMinor,
    note: dispute.note,
    queries: dispute.queries,
    opened_at: dispute.openedAt,
    changed_at: dispute.changedAt,
    closed_at: dispute.closedAt,
    resolved_at: dispute.resolvedAt,
    resolved_by: dispute.resolvedBy,
  };
}

function toDispute(row: DisputeRow): Dispute {
  return {
    id: row.id,
    provider: row.provider,
    merchant: row.merchant,
    reference: row.reference,
    transactionId: row.transaction_id,
    attemptId: row.attempt_id,
    organizationId: row.organization_id,
    amount: { minor: row.amount_minor, currency: row.currency },
    status: row.status,
    reason: row.reason,
    respondBy: row.respond_by,
    isWithdrawn: row.is_withdrawn,
    bookedMinor: row.booked_minor,
    borneBy: row.borne_by,
    borneMinor: row.borne_minor,
    note: row.note,
    queries: row.queries,
    openedAt: row.opened_at,
    changedAt: row.changed_at,
    closedAt: row.closed_at,
    resolvedAt: row.resolved_at,
    resolvedBy: row.resolved_by,
  };
}
