/** All SQL about the items of reconciliations. */
import type { Insertable, Selectable } from 'kysely';
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../platform/database/pool.ts';
import type { Difference, ItemKind, ItemResolution, ItemResult } from './core/reconciliation.ts';

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

export type ItemRow = Selectable<ItemColumns>;
export type NewItem = Insertable<ItemColumns>;

const tables = (executor: Executor) =>
  executor.withTables<{ payments_reconciliation_items: ItemColumns }>();

const itemColumns = [
  ...(['id', 'reconciliation_id', 'key', 'result', 'difference', 'kind', 'number'] as const),
  ...(['provider_transaction', 'line_minor', 'line_currency', 'line_at', 'fee_minor'] as const),
  ...(['fee_currency', 'booked_id', 'booked_minor', 'booked_currency', 'attempt_id'] as const),
  ...(['payment_number', 'payment_transaction'] as const),
  ...(['organization_id', 'is_fee_booked', 'resolution', 'note', 'resolved_at'] as const),
  'resolved_by',
] as const;

export interface ItemCounts {
  matched: bigint;
  missing_here: bigint;
  missing_there: bigint;
  different: bigint;
  open: bigint;
}

/** @scope deployment: a provider’s statement is of all customers. */
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

/** @scope deployment: a provider’s statement is of all customers. */
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

/** @scope deployment: a provider’s statement is of all customers. */
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
 * Keeps an item as a run found it; one that was resolved stays as it is. Answers its id, and whether its fee is booked;
 * its row is locked.
 */
export async function saveItem(
  transaction: Transaction,
  item: NewItem,
): Promise<{ id: string; isFeeBooked: boolean }> {
  const { id: _id, key, reconciliation_id: of, is_fee_booked: _fee, ...found } = item;
  const saved = await tables(transaction)
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
  const row = saved ?? (await lockItemNamed(transaction, { of, key }));
  return { id: row.id, isFeeBooked: row.is_fee_booked };
}

/** @scope deployment: a provider’s statement is of all customers. */
function lockItemNamed(transaction: Transaction, { of, key }: { of: string; key: string }) {
  return tables(transaction)
    .selectFrom('payments_reconciliation_items')
    .select(['id', 'is_fee_booked'])
    .where('reconciliation_id', '=', of)
    .where('key', '=', key)
    .forUpdate()
    .executeTakeFirstOrThrow();
}

export async function markFeeBooked(executor: Executor, id: string): Promise<void> {
  await tables(executor)
    .updateTable('payments_reconciliation_items')
    .set({ is_fee_booked: true })
    .where('id', '=', id)
    .execute();
}

/**
 * What an earlier run found and this one did not; what was resolved stays.
 * @scope deployment: a provider’s statement is of all customers.
 */
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

/**
 * What was missing on another day's statement, and is on this one.
 * @scope deployment: a provider’s statement is of all customers.
 */
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
