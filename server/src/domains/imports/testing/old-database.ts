/** Databases as other systems leave them behind: the same statements make a file of SQLite and a PostgreSQL. */
import { DatabaseSync } from 'node:sqlite';
import { openDrainingPool } from '../../../platform/database/draining-pool.ts';

export type Value = string | number | null;

export interface OldDatabase {
  /** A statement without parameters. */
  run(statement: string): Promise<void>;
  insert(table: string, rows: readonly Readonly<Record<string, Value>>[]): Promise<void>;
  close(): Promise<void>;
}

export function makeSqlite(path: string): OldDatabase {
  const database = new DatabaseSync(path);
  database.exec('pragma journal_mode = wal; pragma synchronous = off');
  return {
    run: async (statement) => database.exec(statement),
    async insert(table, rows) {
      if (rows.length === 0) return;
      const names = namesOf(rows);
      const marks = names.map(() => '?').join(', ');
      const statement = database.prepare(
        `insert into ${table} (${quoted(names)}) values (${marks})`,
      );
      database.exec('begin');
      for (const row of rows) statement.run(...names.map((name) => row[name] ?? null));
      database.exec('commit');
    },
    close: async () => database.close(),
  };
}

export function makePostgres(url: string): OldDatabase {
  const pool = openDrainingPool({ url, max: 1 });
  return {
    async run(statement) {
      await pool.connections.query(statement);
    },
    async insert(table, rows) {
      if (rows.length === 0) return;
      const names = namesOf(rows);
      // NUL is what PostgreSQL never holds, so that an old one has none either.
      const text = JSON.stringify(rows).replaceAll('\\u0000', '');
      await pool.connections.query(
        `insert into ${table} (${quoted(names)})
        select ${quoted(names)} from json_populate_recordset(null::${table}, $1::json)`,
        [text],
      );
    },
    close: () => pool.close(),
  };
}

function namesOf(rows: readonly Readonly<Record<string, Value>>[]): string[] {
  return [...new Set(rows.flatMap((row) => Object.keys(row)))];
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ');
}
