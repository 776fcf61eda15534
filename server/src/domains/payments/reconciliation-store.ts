/** All SQL about reconciliations and their items. */
import type { Insertable, Selectable } from 'kysely';
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../platform/database/pool.ts';
import type { Difference, ItemKind, ItemResolution, ItemResult } from './core/reconciliation.ts';

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

interface ItemColumns {
  id: string;
  reconciliation_id: string;
  key: string;
  result: ItemResult;
  difference: Difference | null;
  kind: ItemKind;
  number: string | null;
  provider_transaction: string | null;
  line_minor: bigint | null;
  line_currency: string | null;
  line_at: Date | null;
  fee_minor: bigint | null;
  fee_currency: string | null;
  booked_id: string | null;
  booked_minor: bigint | null;
  booked_currency: string | null;
  payment_number: string | null;
  payment_transaction: string | null;
  attempt_id: string | null;
  organization_id: string | null;
  is_fee_booked: boolean;
  resolution: ItemResolution | null;
  note: string | null;
  resolved_at: Date | null;
  resolved_by: string | null;
}

type Tables = {
  payments_reconciliations: ReconciliationColumns;
  payments_reconciliation_items: ItemColumns;
};

export type ReconciliationRow = Omit<Selectable<ReconciliationColumns>, 'totals'> & {
  totals: StoredTotals[];
};
export type ItemRow = Selectable<ItemColumns>;
export type NewItem = Insertable<ItemColumns>;

const tables = (executor: Executor) => executor.withTables<Tables>();

const columns = [
  ...(['id', 'provider', 'merchant', 'date', 'status', 'reason', 'from_at', 'to_at'] as const),
  ...(['totals', 'runs', 'next_try_at', 'claimed_until', 'created_at', 'finished_at'] as const),
] as const;

const itemColumns = [
  ...(['id', 'reconciliation_id', 'key', 'result', 'difference', 'kind', 'number'] as const),
  ...(['provider_transaction', 'line_minor', 'line_currency', 'line_at', 'fee_minor'] as const),
  ...(['fee_currency', 'booked_id', 'booked_minor', 'booked_currency', 'attempt_id'] as const),
  ...(['payment_number', 'payment_transaction'] as const),
  ...(['organization_id', 'is_fee_booked', 'resolution', 'note', 'resolved_at'] as const),
  'resolved_by',
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

export interface ItemCounts {
  matched: bigint;
  missing_here: bigint;
  missing_there: bigint;
  different: bigint;
  open: bigint;
}

export async function countItems(
  executor: Executor,
  ids: readonly string[],
): Promise<Map<string, ItemCounts>> {
  const { rows } = await sql<ItemCounts & { reconciliation_id: string }>`
    select reconciliation_id,
      count(*) filter (where result = 'matched') as matched,
      count(*) filter (where result = 'missing_here') as missing_here,
      count(*) filter (where result = 'missing_there') as missing_there,
      count(*) filter (where result = 'different') as different,
      count(*) filter (where result <> 'matched' and resolution is null) as open
    from payments_reconciliation_items
    where reconciliation_id = any(${[...ids]}::text[])
    group by reconciliation_id
  `.execute(executor);
  return new Map(rows.map(({ reconciliation_id, ...counts }) => [reconciliation_id, counts]));
}

export interface ItemFilter {
  reconciliationId: string;
  result?: ItemResult | undefined;
  /** Differences that nobody has resolved. */
  isOpen?: boolean | undefined;
  q?: string | undefined;
  before?: string | undefined;
  limit: number;
}

export async function listItemRows(executor: Executor, filter: ItemFilter): Promise<ItemRow[]> {
  const { reconciliationId, result, isOpen, q, before, limit } = filter;
  let query = tables(executor)
    .selectFrom('payments_reconciliation_items')
    .select(itemColumns)
    .where('reconciliation_id', '=', reconciliationId)
    .orderBy('id', 'desc')
    .limit(limit);
  if (result !== undefined) query = query.where('result', '=', result);
  if (isOpen) query = query.where('result', '<>', 'matched').where('resolution', 'is', null);
  if (before !== undefined) query = query.where('id', '<', before);
  if (q !== undefined) {
    query = query.where(({ eb, or }) =>
      or([
        ...[eb('number', '=', q), eb('provider_transaction', '=', q)],
        ...[eb('booked_id', '=', q), eb('attempt_id', '=', q)],
      ]),
    );
  }
  return query.execute();
}

interface NamedItem {
  id: string;
  reconciliationId: string;
}

export async function findItem(executor: Executor, item: NamedItem): Promise<ItemRow | undefined> {
  return selectItem(executor, item).executeTakeFirst();
}

export async function lockItem(
  transaction: Transaction,
  item: NamedItem,
): Promise<ItemRow | undefined> {
  return selectItem(transaction, item).forUpdate().executeTakeFirst();
}

function selectItem(executor: Executor, { id, reconciliationId }: NamedItem) {
  return tables(executor)
    .selectFrom('payments_reconciliation_items')
    .select(itemColumns)
    .where('id', '=', id)
    .where('reconciliation_id', '=', reconciliationId);
}

export interface Resolution {
  resolution: ItemResolution;
  note: string | null;
  at: Date;
  /** Null where we did it ourselves. */
  by: string | null;
}

export async function saveResolution(
  executor: Executor,
  id: string,
  { resolution, note, at, by }: Resolution,
): Promise<void> {
  await tables(executor)
    .updateTable('payments_reconciliation_items')
    .set({ resolution, note, resolved_at: at, resolved_by: by })
    .where('id', '=', id)
    .where('resolution', 'is', null)
    .execute();
}

/**
 * Keeps an item as a run found it; one that was resolved stays as it is. Answers its id, and whether its fee has still to
 * be booked.
 */
export async function saveItem(
  executor: Executor,
  item: NewItem,
): Promise<{ id: string; isFeeBooked: boolean } | undefined> {
  const { id: _id, key: _key, reconciliation_id: _of, is_fee_booked: _fee, ...found } = item;
  const row = await tables(executor)
    .insertInto('payments_reconciliation_items')
    .values(item)
    .onConflict((conflict) =>
      conflict
        .columns(['reconciliation_id', 'key'])
        .doUpdateSet(found)
        .where('payments_reconciliation_items.resolution', 'is', null),
    )
    .returning(['id', 'is_fee_booked'])
    .executeTakeFirst();
  return row && { id: row.id, isFeeBooked: row.is_fee_booked };
}

export async function markFeeBooked(executor: Executor, id: string): Promise<void> {
  await tables(executor)
    .updateTable('payments_reconciliation_items')
    .set({ is_fee_booked: true })
    .where('id', '=', id)
    .execute();
}

/** What an earlier run found and this one did not; what was resolved stays. */
export async function removeStaleItems(
  executor: Executor,
  reconciliationId: string,
  keys: readonly string[],
): Promise<void> {
  await sql`
    delete from payments_reconciliation_items
    where reconciliation_id = ${reconciliationId}
      and resolution is null
      and not is_fee_booked
      and not key = any(${[...keys]}::text[])
  `.execute(executor);
}

/** What was missing on another day's statement, and is on this one. */
export async function resolveFoundElsewhere(
  executor: Executor,
  asked: { bookedIds: readonly string[]; reconciliationId: string; note: string; at: Date },
): Promise<void> {
  const { bookedIds, reconciliationId, note, at } = asked;
  await sql`
    update payments_reconciliation_items
    set resolution = 'settled', note = ${note}, resolved_at = ${at}
    where booked_id = any(${[...bookedIds]}::text[])
      and reconciliation_id <> ${reconciliationId}
      and result = 'missing_there'
      and resolution is null
  `.execute(executor);
}
