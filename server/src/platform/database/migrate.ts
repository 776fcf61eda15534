/**
 * Brings the tables up to date from the numbered `.sql` files of all domains. Forward only: a file that was applied
 * never changes again. Stored functions hold no data, so theirs is the current text: those that changed are replaced
 * together, after the tables. Each file is one transaction, and an advisory lock keeps two processes from doing it twice.
 */
import pg from 'pg';
import { migrateJobQueue } from './job-queue.ts';
import {
  collectFunctions,
  collectMigrations,
  type FunctionFile,
  type Migration,
} from './migration-files.ts';

export interface MigrateOptions {
  /** A direct connection: the lock belongs to a session. */
  url: string;
  log?: (line: string) => void;
  /** Folder searched for `migrations/NNNN_name.sql` and `functions/name.sql`; the server's sources unless told otherwise. */
  sources?: string;
}

/** The files and the database do not fit together; the message says what to do. */
export class MigrationError extends Error {}

/** Any constant does; it is what two processes agree on. */
const lockNumber = 7_758_423;

/**
 * Applies what is pending; answers the names of the applied files.
 * @throws Error naming the file, when one has changed since it was applied or fails.
 */
export async function migrate(options: MigrateOptions): Promise<string[]> {
  const files = collect(options.sources);
  await migrateJobQueue(options.url);
  return withClient(options.url, async (client) => {
    const before = await readPending(client, files);
    if (before.migrations.length + before.functions.length === 0) return [];
    await client.query('select pg_advisory_lock($1)', [lockNumber]);
    await client.query(`
      create table if not exists platform_migrations (
        number integer primary key,
        name text not null,
        checksum text not null,
        applied_at timestamptz not null
      );
      create table if not exists platform_functions (
        name text primary key,
        checksum text not null,
        functions text[] not null
      )
    `);
    const pending = await readPending(client, files);
    for (const migration of pending.migrations) {
      await apply(client, migration);
      options.log?.(`Applied migration ${migration.name}.`);
    }
    if (pending.functions.length > 0) await replaceFunctions(client, files.functions);
    return namesOf(pending);
  });
}

/** Names of the files that are still to be applied; none means that the process may serve. */
export async function pendingMigrations(url: string, sources?: string): Promise<string[]> {
  const files = collect(sources);
  return namesOf(await withClient(url, (client) => readPending(client, files)));
}

interface Files {
  migrations: Migration[];
  functions: FunctionFile[];
}

function collect(sources: string | undefined): Files {
  return { migrations: collectMigrations(sources), functions: collectFunctions(sources) };
}

function namesOf({ migrations, functions }: Files): string[] {
  return [...migrations.map(({ name }) => name), ...functions.map(({ name }) => name)];
}

async function readPending(client: pg.Client, files: Files): Promise<Files> {
  const current = await readFunctions(client);
  return {
    migrations: pendingOf(files.migrations, await readApplied(client)),
    functions: files.functions.filter(({ name, checksum }) => current.get(name) !== checksum),
  };
}

async function readFunctions(client: pg.Client): Promise<Map<string, string>> {
  if (!(await tableExists(client, 'platform_functions'))) return new Map();
  const { rows } = await client.query<{ name: string; checksum: string }>(
    'select name, checksum from platform_functions',
  );
  return new Map(rows.map(({ name, checksum }) => [name, checksum]));
}

/** Drops what our files made before, and makes all of it anew: a changed signature leaves nothing behind. */
async function replaceFunctions(client: pg.Client, files: readonly FunctionFile[]): Promise<void> {
  await inTransaction(client, 'The stored functions', async () => {
    // They may name each other in any order.
    await client.query('set local check_function_bodies = off');
    const { rows } = await client.query<{ signature: string }>(
      `select p.oid::regprocedure as signature
       from pg_proc p
       where p.pronamespace = current_schema()::regnamespace
         and (
           p.proname = any ($1)
           or p.proname in (select unnest(f.functions) from platform_functions f)
         )`,
      [files.flatMap(({ functions }) => functions)],
    );
    for (const { signature } of rows) await client.query(`drop function ${signature}`);
    await client.query('delete from platform_functions');
    for (const file of files) {
      await client.query(file.text);
      await client.query(
        'insert into platform_functions (name, checksum, functions) values ($1, $2, $3)',
        [file.name, file.checksum, file.functions],
      );
    }
  });
}

interface AppliedRow {
  number: number;
  name: string;
  checksum: string;
}

async function readApplied(client: pg.Client): Promise<AppliedRow[]> {
  if (!(await tableExists(client, 'platform_migrations'))) return [];
  const { rows } = await client.query<AppliedRow>(`
    select number, name, checksum
    from platform_migrations
    order by number
  `);
  return rows;
}

/** What is not applied yet, in order; a newer process may have applied more than we know, and that is fine. */
function pendingOf(migrations: Migration[], applied: AppliedRow[]): Migration[] {
  const byNumber = new Map(applied.map((row) => [row.number, row]));
  return migrations.filter((migration) => {
    const row = byNumber.get(migration.number);
    if (!row) return true;
    if (row.checksum !== migration.checksum) {
      throw new MigrationError(
        `${migration.name} was changed after it was applied${row.name === migration.name ? '' : ` as ${row.name}`}: restore it, and put the change into a new migration.`,
      );
    }
    return false;
  });
}

async function apply(client: pg.Client, migration: Migration): Promise<void> {
  await inTransaction(client, `Migration ${migration.name}`, async () => {
    await client.query(migration.text);
    await client.query(
      `insert into platform_migrations (number, name, checksum, applied_at)
       values ($1, $2, $3, $4)`,
      [migration.number, migration.name, migration.checksum, new Date()],
    );
  });
}

async function inTransaction(
  client: pg.Client,
  what: string,
  work: () => Promise<void>,
): Promise<void> {
  await client.query('begin');
  try {
    await work();
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw new MigrationError(`${what} failed: ${(error as Error).message}`, { cause: error });
  }
}

async function tableExists(client: pg.Client, name: string): Promise<boolean> {
  const { rows } = await client.query('select to_regclass($1) is not null as found', [name]);
  return rows[0].found;
}

/** Closing the session also gives the lock back. */
async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, application_name: 'sluice migrate' });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
