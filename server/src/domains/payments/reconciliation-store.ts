/** All SQL about reconciliations; their items are next door. */
import type { Selectable } from 'kysely';
import { sql } from 'kysely';
import type { Executor } from '../../platform/database/pool.ts';

export type ReconciliationStatus = 'running' | 'waiting' | 'done' | 'failed';

/** Totals as they are kept: amounts in minor units, as text. */
export interface StoredTotals {
  currency: string;
  amounts: Record<string, string>;
  because: Record<string, string>;
}

interface ReconciliationColumns {
  id: string;
  provider: string;
  merchant: string;
  date: string;
  status: ReconciliationStatus;
  reason: string | null;
  from_at: Date | null;
  to_at: Date | null;
  totals: string;
  runs: number;
  next_try_at: Date | null;
  claimed_until: Date | null;
  created_at: Date;
  finished_at: Date | null;
}

type Tables = { payments_reconciliations: ReconciliationColumns };

export type ReconciliationRow = Omit<Selectable<ReconciliationColumns>, 'totals'> & {
  totals: StoredTotals[];
};

const tables = (executor: Executor) => executor.withTables<Tables>();

const columns = [
  ...(['id', 'provider', 'merchant', 'date', 'status', 'reason', 'from_at', 'to_at'] as const),
  ...(['totals', 'runs', 'next_try_at', 'claimed_until', 'created_at', 'finished_at'] as const),
] as const;

const toRow = (row: Selectable<ReconciliationColumns>): ReconciliationRow => ({
  ...row,
  totals: row.totals as unknown as StoredTotals[],
});

export interface NamedDay {
  provider: string;
  merchant: string;
  date: string;
}

/** The reconciliation of a day, made where there was none. */
export async function openReconciliation(
  executor: Executor,
  { id, provider, merchant, date, at }: NamedDay & { id: string; at: Date },
): Promise<ReconciliationRow> {
  await tables(executor)
    .insertInto('payments_reconciliations')
    .values({
      ...{ id, provider, merchant, date, status: 'waiting', totals: '[]', runs: 0 },
      next_try_at: at,
      created_at: at,
    })
    .onConflict((conflict) => conflict.columns(['provider', 'merchant', 'date']).doNothing())
    .execute();
  const row = await tables(executor)
    .selectFrom('payments_reconciliations')
    .select(columns)
    .where('provider', '=', provider)
    .where('merchant', '=', merchant)
    .where('date', '=', date)
    .executeTakeFirstOrThrow();
  return toRow(row);
}

/**
 * Takes one for a run; undefined while another process has it, or has run it since it was seen after `afterRuns` of them.
 * Whoever dies with it loses it at `until`.
 */
export async function claimReconciliation(
  executor: Executor,
  id: string,
  claim: { wall: Date; until: Date; nextTryAt: Date; afterRuns: number | undefined },
): Promise<ReconciliationRow | undefined> {
  const { wall, until, nextTryAt, afterRuns } = claim;
  let query = tables(executor)
    .updateTable('payments_reconciliations')
    .set({
      status: 'running',
      runs: sql`runs + 1`,
      claimed_until: until,
      next_try_at: nextTryAt,
    })
    .where('id', '=', id)
    .where(({ eb, or }) => or([eb('claimed_until', 'is', null), eb('claimed_until', '<=', wall)]))
    .returning(columns);
  if (afterRuns !== undefined) query = query.where('runs', '=', afterRuns);
  const row = await query.executeTakeFirst();
  return row && toRow(row);
}

export interface RunOutcome {
  status: ReconciliationStatus;
  reason: string | null;
  nextTryAt: Date | null;
  finishedAt: Date | null;
  day?: { from: Date; to: Date; totals: StoredTotals[] };
}

export async function saveRun(executor: Executor, id: string, outcome: RunOutcome): Promise<void> {
  const { status, reason, nextTryAt, finishedAt, day } = outcome;
  await tables(executor)
    .updateTable('payments_reconciliations')
    .set({
      ...{ status, reason, claimed_until: null, next_try_at: nextTryAt, finished_at: finishedAt },
      ...(day ? { from_at: day.from, to_at: day.to, totals: JSON.stringify(day.totals) } : {}),
    })
    .where('id', '=', id)
    .execute();
}

/** Those whose next run is due: the statement was not there, or whoever ran it died. */
export async function listDueReconciliations(
  executor: Executor,
  now: Date,
  limit: number,
): Promise<ReconciliationRow[]> {
  const rows = await tables(executor)
    .selectFrom('payments_reconciliations')
    .select(columns)
    .where('next_try_at', '<=', now)
    .orderBy('next_try_at')
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(toRow);
}

/** The last day that was begun. */
export async function findLastDay(
  executor: Executor,
  { provider, merchant }: { provider: string; merchant: string },
): Promise<string | undefined> {
  const row = await tables(executor)
    .selectFrom('payments_reconciliations')
    .select('date')
    .where('provider', '=', provider)
    .where('merchant', '=', merchant)
    .orderBy('date', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.date;
}

export async function findReconciliation(
  executor: Executor,
  id: string,
): Promise<ReconciliationRow | undefined> {
  const row = await tables(executor)
    .selectFrom('payments_reconciliations')
    .select(columns)
    .where('id', '=', id)
    .executeTakeFirst();
  return row && toRow(row);
}

export interface ReconciliationFilter {
  provider?: string | undefined;
  status?: ReconciliationStatus | undefined;
  before?: string | undefined;
  limit: number;
}

export async function listReconciliationRows(
  executor: Executor,
  { provider, status, before, limit }: ReconciliationFilter,
): Promise<ReconciliationRow[]> {
  let query = tables(executor)
    .selectFrom('payments_reconciliations')
    .select(columns)
    .orderBy('id', 'desc')
    .limit(limit);
  if (provider !== undefined) query = query.where('provider', '=', provider);
  if (status !== undefined) query = query.where('status', '=', status);
  if (before !== undefined) query = query.where('id', '<', before);
  return (await query.execute()).map(toRow);
}
