/**
 * What the domains keep about a person. Each offers its part from its door, `main.ts` collects them, and identity hands
 * them out and has them erased; a domain that keeps nothing about people offers nothing.
 */
import { sql } from 'kysely';
import type { Context } from './context.ts';
import type { Executor, Transaction } from './database/pool.ts';

export interface PersonalData {
  /** The domain's name, which its file in the export carries: `payments` → `payments.json`. */
  name: string;
  /**
   * Everything that is kept about the person, as plain JSON (instants as text, no bigint). What may be long is an async
   * iterable, alone or as a value of an object: its items become a list in the file without being in memory at once.
   */
  export(context: Context, userId: string): Promise<unknown> | AsyncIterable<unknown>;
  /**
   * Removes it, or takes the person out of it where the record itself must stay: money, tax and the audit log. Runs in
   * the one transaction that deletes the account, from the highest domain down: the person's memberships are still there.
   */
  erase(context: Context, transaction: Transaction, userId: string): Promise<void>;
}

/** Rows of one table that belong to one owner, in the order of a column that is unique among them. */
export interface OwnedRows {
  table: string;
  /** The column that names the owner. */
  owner: string;
  /** The column that they are read in the order of. */
  key: string;
  /** Columns that are nobody's to see: hashes and sealed secrets. */
  without?: readonly string[];
}

const rowsAtOnce = 500;

/**
 * Reads an owner's rows whole, as the table has them, so that a column which is added later is not forgotten. Figures
 * too large for JSON's numbers are texts.
 */
export async function* readOwnedRows(
  executor: Executor,
  { table, owner, key, without = [] }: OwnedRows,
  ownerId: string,
): AsyncGenerator<unknown> {
  const keyColumn = sql.ref(`r.${key}`);
  let after: string | null = null;
  while (true) {
    const { rows }: { rows: { at: string; text: string }[] } = await sql<{
      at: string;
      text: string;
    }>`
      select ${keyColumn}::text as at, (to_jsonb(r) - ${[...without]}::text[])::text as text
      from ${sql.table(table)} as r
      where ${sql.ref(`r.${owner}`)} = ${ownerId}
        and (${after}::text is null or ${keyColumn}::text > ${after} collate "C")
      order by ${keyColumn}::text collate "C"
      limit ${rowsAtOnce}
    `.execute(executor);
    for (const { text } of rows) yield parseExactly(text);
    const last = rows.at(-1);
    if (!last || rows.length < rowsAtOnce) return;
    after = last.at;
  }
}

/** Whole numbers beyond 2^53 stay exact, as texts. */
function parseExactly(text: string): unknown {
  return JSON.parse(text, (_key, value: unknown, { source }: { source?: string } = {}) => {
    const isRounded = typeof value === 'number' && !Number.isSafeInteger(value);
    return isRounded && source !== undefined && /^-?\d+$/.test(source) ? source : value;
  });
}
