/** Monthly partitions of tables that are ranged by a time-sortable id, or by a time itself; months are UTC's. */
import { sql } from 'kysely';
import { idAt } from '../ids.ts';
import { startOfMonth } from '../time.ts';
import type { Database, Executor, Transaction } from './pool.ts';

export interface PartitionedTable {
  name: string;
  /** The column that it is partitioned by. */
  column: string;
  /** Of the ids in that column; left out where it is a time. */
  idPrefix?: string;
}

/** Longer than any batch takes; a reader that holds the table longer must not make calls wait behind us. */
const lockTimeout = '3s';

/**
 * Makes the partitions for every month from `from` to `to` that are missing. A month whose rows already went into the
 * default partition stays there: they are found as well, only less quickly.
 */
export async function ensureMonthlyPartitions(
  executor: Executor,
  table: PartitionedTable,
  period: { from: Date; to: Date },
): Promise<void> {
  const missing = await findMissing(executor, table, monthsOf(period));
  if (missing.length === 0) return;
  if (executor.isTransaction) return createAll(executor as Transaction, table, missing);
  await executor.transaction().execute((transaction) => createAll(transaction, table, missing));
}

interface Month {
  /** Such as `2026_11`. */
  name: string;
  from: Date;
  to: Date;
}

function monthsOf(period: { from: Date; to: Date }): Month[] {
  const months: Month[] = [];
  let from = startOfMonth(period.from, 'UTC');
  while (from <= period.to) {
    const to = startOfMonth(from, 'UTC', 1);
    months.push({ name: monthName(from), from, to });
    from = to;
  }
  return months;
}

async function findMissing(
  executor: Executor,
  table: PartitionedTable,
  months: Month[],
): Promise<Month[]> {
  const names = months.map((month) => `${table.name}_${month.name}`);
  const { rows } = await sql<{ name: string }>`
    select name
    from unnest(${names}::text[]) as name
    where to_regclass(name) is null
  `.execute(executor);
  const missing = new Set(rows.map(({ name }) => name));
  return months.filter((month) => missing.has(`${table.name}_${month.name}`));
}

async function createAll(
  transaction: Transaction,
  table: PartitionedTable,
  months: Month[],
): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext(${table.name}))`.execute(transaction);
  await sql`select set_config('lock_timeout', ${lockTimeout}, true)`.execute(transaction);
  for (const month of await findMissing(transaction, table, months)) {
    const from = boundOf(table, month.from);
    const to = boundOf(table, month.to);
    if (await defaultHasRows(transaction, table, { from, to })) continue;
    await sql`
      create table ${sql.table(`${table.name}_${month.name}`)}
      partition of ${sql.table(table.name)}
      for values from (${sql.lit(from)}) to (${sql.lit(to)})
    `.execute(transaction);
  }
  await sql`select set_config('lock_timeout', '0', true)`.execute(transaction);
}

function boundOf({ idPrefix }: PartitionedTable, at: Date): string {
  return idPrefix === undefined ? at.toISOString() : idAt(idPrefix, at);
}

/**
 * Detaches the months that ended by `before`, and answers their tables' new names. Nothing is deleted: what becomes of
 * a detached table is the operator's decision.
 */
export async function detachMonthsBefore(
  database: Database,
  table: PartitionedTable,
  before: Date,
): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select c.relname as name
    from pg_inherits i
    join pg_class c on c.oid = i.inhrelid
    where i.inhparent = ${table.name}::regclass
      and c.relname ~ ${`^${table.name}_[0-9]{4}_[0-9]{2}$`}
    order by c.relname
  `.execute(database);
  const last = `${table.name}_${monthName(before)}`;
  const old = rows.filter(({ name }) => name < last);
  const detached: string[] = [];
  for (const { name } of old) {
    detached.push(`${name}_detached`);
    await database.transaction().execute(async (transaction) => {
      await sql`select set_config('lock_timeout', ${lockTimeout}, true)`.execute(transaction);
      await sql`alter table ${sql.table(table.name)} detach partition ${sql.table(name)}`.execute(
        transaction,
      );
      await sql`alter table ${sql.table(name)} rename to ${sql.id(`${name}_detached`)}`.execute(
        transaction,
      );
    });
  }
  return detached;
}

function monthName(at: Date): string {
  return at.toISOString().slice(0, 7).replace('-', '_');
}

async function defaultHasRows(
  transaction: Transaction,
  table: PartitionedTable,
  ids: { from: string; to: string },
): Promise<boolean> {
  const { rows } = await sql<{ found: boolean }>`
    select exists (
      select from ${sql.table(`${table.name}_default`)} as late
      where ${sql.ref(`late.${table.column}`)} >= ${ids.from}
        and ${sql.ref(`late.${table.column}`)} < ${ids.to}
    ) as found
  `.execute(transaction);
  return rows[0]?.found ?? false;
}
