/**
 * Brings the tables up to date from the numbered `.sql` files of all domains. Forward only: a file that was applied
 * never changes again. Stored functions hold no data: a version whose functions are not there yet makes all of its own,
 * after the tables. Each file is one transaction, and an advisory lock keeps two processes from doing it twice. Servers of
 * the version before go on meanwhile.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { isOutsideTransaction, runOutsideTransaction } from './index-builds.ts';
import { migrateJobQueue } from './job-queue.ts';
import { migrationPatience, type Patience, patiently } from './lock-patience.ts';
import { MigrationError } from './migration-error.ts';
import { collectMigrations, type Migration } from './migration-files.ts';
import {
  dropOldFunctionSets,
  type FunctionSet,
  functionSetOf,
  hasFunctionSet,
  makeFunctionSet,
  noteFunctionSet,
} from './stored-functions.ts';

export interface MigrateOptions {
  /** A direct connection: the lock belongs to a session. */
  url: string;
  log?: (line: string) => void;
  /** Folder searched for `migrations/NNNN_name.sql` and `functions/name.sql`; the server's sources unless told otherwise. */
  sources?: string;
  patience?: Patience;
}

/** Any constant does; it is what two processes agree on. */
const lockNumber = 7_758_423;

/** How often a process looks whether the one that migrates has finished. */
const turnLookMs = 100;

/**
 * Applies what is pending; answers what that was. Any number of processes may do so at once.
 * @throws Error naming the file, when one has changed since it was applied or fails.
 */
export async function migrate(options: MigrateOptions): Promise<string[]> {
  const files = collect(options.sources);
  await migrateJobQueue(options.url);
  return withClient(options.url, async (client) => {
    if (namesOf(await readPending(client, files)).length === 0) {
      await noteFunctionSet(client, files.functions);
      return [];
    }
    await takeTurn(client);
    await makeOwnTables(client);
    // Another process may have done it while we waited for the lock.
    const pending = await readPending(client, files);
    for (const migration of pending.migrations) await applyPatiently(client, migration, options);
    if (pending.functions) {
      await inTransaction(client, 'The stored functions', async () => {
        await makeFunctionSet(client, files.functions);
        await dropOldFunctionSets(client);
      });
    }
    return namesOf(pending);
  });
}

/** Asks again and again: a statement that waits would itself be waited for by a build of an index. */
async function takeTurn(client: pg.Client): Promise<void> {
  for (;;) {
    const { rows } = await client.query<{ is_ours: boolean }>(
      'select pg_try_advisory_lock($1) as is_ours',
      [lockNumber],
    );
    if (rows[0]?.is_ours) return;
    await sleep(turnLookMs);
  }
}

async function makeOwnTables(client: pg.Client): Promise<void> {
  await client.query(`
    create table if not exists platform_migrations (
      number integer primary key,
      name text not null,
      checksum text not null,
      applied_at timestamptz not null
    );
    create table if not exists platform_function_sets (
      schema text primary key,
      begun_at timestamptz not null
    )
  `);
}

/** What is still to be applied; nothing means that the process may serve. What a newer version has applied is not asked for. */
export async function pendingMigrations(url: string, sources?: string): Promise<string[]> {
  return createPendingReader(url, sources)();
}

/** The same, asked again and again by the version that began: an update may have put other files into their place since. */
export function createPendingReader(url: string, sources?: string): () => Promise<string[]> {
  const files = collect(sources);
  return async () => namesOf(await withClient(url, (client) => readPending(client, files)));
}

interface Files {
  migrations: readonly Migration[];
  functions: FunctionSet;
}

function collect(sources: string | undefined): Files {
  return { migrations: collectMigrations(sources), functions: functionSetOf(sources) };
}

interface Pending {
  migrations: readonly Migration[];
  /** Whether the stored functions of this version are still to be made. */
  functions: boolean;
}

function namesOf({ migrations, functions }: Pending): string[] {
  return [...migrations.map(({ name }) => name), ...(functions ? ['stored functions'] : [])];
}

async function readPending(client: pg.Client, files: Files): Promise<Pending> {
  return {
    migrations: pendingOf(files.migrations, await readApplied(client)),
    functions: !(await hasFunctionSet(client, files.functions)),
  };
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
function pendingOf(migrations: readonly Migration[], applied: AppliedRow[]): Migration[] {
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

async function applyPatiently(
  client: pg.Client,
  migration: Migration,
  { log, patience = migrationPatience }: MigrateOptions,
): Promise<void> {
  const what = `Migration ${migration.name}`;
  const work = isOutsideTransaction(migration) ? applyOutside : applyInside;
  await patiently({ what, patience, log }, () =>
    work(client, { migration, what, lockTimeoutMs: patience.lockTimeoutMs }),
  );
  log?.(`Applied migration ${migration.name}.`);
}

interface Application {
  migration: Migration;
  what: string;
  lockTimeoutMs: number;
}

async function applyInside(
  client: pg.Client,
  { migration, what, lockTimeoutMs }: Application,
): Promise<void> {
  await inTransaction(client, what, async () => {
    await client.query(`set local lock_timeout = ${lockTimeoutMs}`);
    await client.query(migration.text);
    await noteApplied(client, migration);
  });
}

async function applyOutside(
  client: pg.Client,
  { migration, what, lockTimeoutMs }: Application,
): Promise<void> {
  try {
    await runOutsideTransaction(client, migration, lockTimeoutMs);
  } catch (error) {
    throw failed(what, error);
  }
  await noteApplied(client, migration);
}

async function noteApplied(client: pg.Client, migration: Migration): Promise<void> {
  await client.query(
    `insert into platform_migrations (number, name, checksum, applied_at)
     values ($1, $2, $3, $4)`,
    [migration.number, migration.name, migration.checksum, new Date()],
  );
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
    throw failed(what, error);
  }
}

function failed(what: string, error: unknown): MigrationError {
  return new MigrationError(`${what} failed: ${(error as Error).message}`, { cause: error });
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
