/** Where sealed texts are kept, so that all of them can be sealed anew under another key while the servers run. */
import { sql } from 'kysely';
import { type Sealer, SealNotOpened, sealedUnder } from './crypto.ts';
import type { Database } from './database/pool.ts';

/** One column with sealed texts. Every table with one has a text as its key. */
export interface SealedColumn {
  table: string;
  /** The primary key. */
  key: string;
  column: string;
  /** One text; an object of texts by name; or a list of objects that have one as `sealed`. */
  holds: 'text' | 'map' | 'list';
  /** What the text of a row is bound to; `name` within a map. */
  purpose(key: string, name: string): string;
}

export interface Resealed {
  resealed: number;
  /** Rows with a text that no key opens. */
  unreadable: number;
}

interface Row {
  key: string;
  value: unknown;
  /** As the database writes it: what the row must still hold when it is written back. */
  text: string;
}

const batchSize = 200;

/**
 * Seals anew whatever is not sealed under today's key. A row that changes meanwhile is left to whoever changed it. Behind
 * each batch `goOn` is asked whether to.
 */
export async function resealColumn(
  database: Database,
  sealer: Sealer,
  column: SealedColumn,
  goOn: (done: Resealed) => Promise<boolean> = async () => true,
): Promise<Resealed> {
  const done: Resealed = { resealed: 0, unreadable: 0 };
  let rows = 0;
  for await (const row of rowsOf(database, column)) {
    rows += 1;
    if (rows % batchSize === 0 && !(await goOn(done))) break;
    const next = resealValue(sealer, column, row);
    if (next === 'unreadable') done.unreadable += 1;
    else if (next !== undefined && (await replace(database, column, { row, next }))) {
      done.resealed += 1;
    }
  }
  return done;
}

/** Rows with a text that is not sealed under today's key. */
export async function countOthers(
  database: Database,
  { keyId }: Pick<Sealer, 'keyId'>,
  column: SealedColumn,
): Promise<number> {
  let others = 0;
  for await (const { value } of rowsOf(database, column)) {
    const isOther = textsIn(column, value).some((text) => sealedUnder(text) !== keyId);
    if (isOther) others += 1;
  }
  return others;
}

async function* rowsOf(database: Database, column: SealedColumn): AsyncGenerator<Row> {
  let after = '';
  for (;;) {
    const { rows } = await sql<Row>`
      select
        ${sql.ref(column.key)} as key,
        ${sql.ref(column.column)} as value,
        ${sql.ref(column.column)}::text as text
      from ${sql.table(column.table)}
      where ${sql.ref(column.column)} is not null
        and ${sql.ref(column.key)} > ${after}
      order by ${sql.ref(column.key)}
      limit ${batchSize}
    `.execute(database);
    yield* rows;
    after = rows.at(-1)?.key ?? after;
    if (rows.length < batchSize) return;
  }
}

async function replace(
  database: Database,
  { table, key, column, holds }: SealedColumn,
  { row, next }: { row: Row; next: string },
): Promise<boolean> {
  const type = sql.raw(holds === 'text' ? 'text' : 'jsonb');
  const { numAffectedRows } = await sql`
    update ${sql.table(table)}
    set ${sql.ref(column)} = ${next}::${type}
    where ${sql.ref(key)} = ${row.key}
      and ${sql.ref(column)}::text = ${row.text}
  `.execute(database);
  return numAffectedRows === 1n;
}

/** Undefined where all of it is sealed under today's key already. */
function resealValue(
  sealer: Sealer,
  column: SealedColumn,
  { key, value }: Row,
): string | 'unreadable' | undefined {
  const isOurs = (text: string) => sealedUnder(text) === sealer.keyId;
  if (textsIn(column, value).every(isOurs)) return undefined;
  const again = (text: string, name: string) => {
    const purpose = column.purpose(key, name);
    return isOurs(text) ? text : sealer.seal(sealer.open(text, purpose), purpose);
  };
  try {
    if (column.holds === 'text') return again(value as string, '');
    if (column.holds === 'list') {
      const list = value as { sealed: string }[];
      return JSON.stringify(list.map((one) => ({ ...one, sealed: again(one.sealed, '') })));
    }
    const map = Object.entries(value as Record<string, string>);
    return JSON.stringify(Object.fromEntries(map.map(([name, text]) => [name, again(text, name)])));
  } catch (error) {
    if (error instanceof SealNotOpened) return 'unreadable';
    throw error;
  }
}

function textsIn({ holds }: SealedColumn, value: unknown): string[] {
  if (holds === 'text') return [value as string];
  if (holds === 'list') return (value as { sealed: string }[]).map(({ sealed }) => sealed);
  return Object.values(value as Record<string, string>);
}
