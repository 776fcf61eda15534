/** The database of another system, open for reading only: a file of SQLite, or PostgreSQL. */
import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { openDrainingPool } from '../../../platform/database/draining-pool.ts';
import { Refusal } from '../../../platform/errors.ts';

export type Row = Readonly<Record<string, unknown>>;

export interface ForeignDatabase {
  /** `$1` and so on stand for the parameters, in both. */
  all(statement: string, parameters?: readonly (string | bigint)[]): Promise<Row[]>;
  /** Columns of a table; none where there is no such table. */
  columnsOf(table: string): Promise<Set<string>>;
  close(): Promise<void>;
}

/** @throws Refusal `rule_violated` with what to do, for MySQL and for what cannot be read. */
export async function openForeignDatabase(location: string): Promise<ForeignDatabase> {
  if (/^postgres(ql)?:\/\//.test(location)) return openPostgres(location);
  if (/^mysql:|@tcp\(/.test(location)) {
    throw refused(
      'MySQL is not read directly: copy it into PostgreSQL with pgloader (pgloader mysql://… postgresql://…) and name that database.',
    );
  }
  return openSqlite(location.replace(/^(sqlite:(\/\/)?|file:)/, '').replace(/\?.*$/, ''));
}

function openSqlite(path: string): ForeignDatabase {
  if (!existsSync(path)) throw refused(`There is no file ${path}: check its name.`);
  let database: DatabaseSync;
  try {
    database = new DatabaseSync(path, { readOnly: true, timeout: 5_000 });
    database.prepare('select count(*) from sqlite_master').get();
  } catch (error) {
    throw refused(`${path} is no database of SQLite: ${(error as Error).message}.`);
  }
  const all = async (statement: string, parameters: readonly (string | bigint)[] = []) => {
    const prepared = database.prepare(statement.replace(/\$(\d)/g, '?$1'));
    prepared.setReadBigInts(true);
    return prepared.all(...parameters) as Row[];
  };
  return {
    all,
    async columnsOf(table) {
      const rows = await all('select name from pragma_table_info($1)', [table]);
      return new Set(rows.map(({ name }) => String(name)));
    },
    close: async () => database.close(),
  };
}

async function openPostgres(url: string): Promise<ForeignDatabase> {
  // A connection that breaks while nothing is asked is told by the next question.
  const pool = openDrainingPool({ url: readOnly(url), max: 1, applicationName: 'sluice import' });
  const all = async (statement: string, parameters: readonly (string | bigint)[] = []) => {
    const { rows } = await pool.connections.query(statement, parameters.map(String));
    return rows as Row[];
  };
  try {
    await all('select 1');
  } catch (error) {
    await pool.close();
    throw refused(`The old database cannot be read: ${(error as Error).message}.`);
  }
  return {
    all,
    async columnsOf(table) {
      const rows = await all(
        `select column_name as name
        from information_schema.columns
        where table_name = $1 and table_schema = any (current_schemas(false))`,
        [table],
      );
      return new Set(rows.map(({ name }) => String(name)));
    },
    close: () => pool.close(),
  };
}

/** Whatever is sent by mistake, the old system stays as it is. */
function readOnly(url: string): string {
  const option = 'options=-c%20default_transaction_read_only%3Don';
  return `${url}${url.includes('?') ? '&' : '?'}${option}`;
}

export function refused(sentence: string): Refusal {
  return new Refusal('rule_violated', sentence);
}
