/**
 * Brings the tables up to date from the numbered `.sql` files of all domains. Forward only: a file that was applied
 * never changes again. Each file is one transaction, and an advisory lock keeps two processes from doing it twice.
 */
import pg from 'pg';
import { migrateJobQueue } from './job-queue.ts';
import { collectMigrations, type Migration } from './migration-files.ts';

export interface MigrateOptions {
  /** A direct connection: the lock belongs to a session. */
  url: string;
  log?: (line: string) => void;
  /** Folder searched for `migrations/NNNN_name.sql`; the server's sources unless told otherwise. */
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
  const migrations = collectMigrations(options.sources);
  await migrateJobQueue(options.url);
  return withClient(options.url, async (client) => {
    if (pendingOf(migrations, await readApplied(client)).length === 0) return [];
    await client.query('select pg_advisory_lock($1)', [lockNumber]);
    await client.query(`
      create table if not exists platform_migrations (
        number integer primary key,
        name text not null,
        checksum text not null,
        applied_at timestamptz not null
      )
    `);
    const pending = pendingOf(migrations, await readApplied(client));
    for (const migration of pending) {
      await apply(client, migration);
      options.log?.(`Applied migration ${migration.name}.`);
    }
    return pending.map((migration) => migration.name);
  });
}

/** Names of the files that are still to be applied; none means that the process may serve. */
export async function pendingMigrations(url: string, sources?: string): Promise<string[]> {
  const migrations = collectMigrations(sources);
  const applied = await withClient(url, readApplied);
  return pendingOf(migrations, applied).map((migration) => migration.name);
}

interface AppliedRow {
  number: number;
  name: string;
  checksum: string;
}

async function readApplied(client: pg.Client): Promise<AppliedRow[]> {
  const exists = await client.query(
    `select to_regclass('platform_migrations') is not null as found`,
  );
  if (!exists.rows[0].found) return [];
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
  await client.query('begin');
  try {
    await client.query(migration.text);
    await client.query(
      `insert into platform_migrations (number, name, checksum, applied_at)
       values ($1, $2, $3, $4)`,
      [migration.number, migration.name, migration.checksum, new Date()],
    );
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw new MigrationError(`Migration ${migration.name} failed: ${(error as Error).message}`, {
      cause: error,
    });
  }
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
