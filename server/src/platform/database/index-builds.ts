/**
 * Indexes of tables that are large and in use: built while everybody goes on writing, which PostgreSQL does outside of
 * transactions only. Such a file may be cut off at any point, so all of it can be run again.
 */
import type pg from 'pg';
import type { Migration } from './migration-files.ts';

const marker = /^-- outside a transaction\b/;
const creation = /^create (unique )?index concurrently if not exists (\w+)\s+on (\w+)\s*([^;]+)$/;
const removal = /^drop index concurrently if exists \w+$/;

/** Whether the file is one of those; its first line says so. */
export function isOutsideTransaction({ text }: Migration): boolean {
  return marker.test(text);
}

/**
 * Does what the file says, statement by statement.
 * @throws Error for a statement that is no build or removal of an index that can be run again.
 */
export async function runOutsideTransaction(
  client: pg.Client,
  { text }: Migration,
  lockTimeoutMs: number,
): Promise<void> {
  // A build waits for transactions that began before it, and nobody waits behind it.
  await client.query('set lock_timeout = 0');
  const statements = text
    .replace(/--.*$/gm, '')
    .split(';')
    .map((statement) => statement.trim())
    .filter(Boolean);
  for (const statement of statements) {
    const build = creation.exec(statement);
    if (build) {
      const [, unique = '', index = '', table = '', rest = ''] = build;
      await buildIndex(client, { unique, index, table, rest }, lockTimeoutMs);
    } else if (removal.test(statement)) await client.query(statement);
    else {
      throw new Error(
        `outside a transaction stand only "create index concurrently if not exists …" and "drop index concurrently if exists …", not "${statement}"`,
      );
    }
  }
}

interface Build {
  /** `unique `, or nothing. */
  unique: string;
  index: string;
  table: string;
  /** The columns, and what follows them. */
  rest: string;
}

async function buildIndex(client: pg.Client, build: Build, lockTimeoutMs: number): Promise<void> {
  const { unique, index, table, rest } = build;
  const partitions = await listPartitions(client, table);
  if (partitions === undefined) return buildOne(client, build);
  const briefly = async (statement: string) => {
    await client.query(`set lock_timeout = ${lockTimeoutMs}`);
    await client.query(statement);
    await client.query('set lock_timeout = 0');
  };
  // Made of nothing, it covers later partitions at once, and becomes valid with the last one that is attached.
  await briefly(`create ${unique}index if not exists ${index} on only ${table} ${rest}`);
  for (const partition of partitions) {
    const child = `${index}_${partition.slice(table.length + 1)}`;
    await buildOne(client, { ...build, index: child, table: partition });
    await briefly(`alter index ${index} attach partition ${child}`);
  }
}

async function buildOne(client: pg.Client, { unique, index, table, rest }: Build): Promise<void> {
  // A build that was cut off leaves an index that is written to and never read.
  const { rows } = await client.query<{ is_valid: boolean }>(
    'select indisvalid as is_valid from pg_index where indexrelid = to_regclass($1)',
    [index],
  );
  if (rows[0]?.is_valid === false) await client.query(`drop index concurrently ${index}`);
  await client.query(
    `create ${unique}index concurrently if not exists ${index} on ${table} ${rest}`,
  );
}

/** Nothing, where the table has none because it is no partitioned one. */
async function listPartitions(client: pg.Client, table: string): Promise<string[] | undefined> {
  const { rows } = await client.query<{ name: string | null }>(
    `select child.relname as name
     from pg_class parent
     left join pg_inherits i on i.inhparent = parent.oid
     left join pg_class child on child.oid = i.inhrelid
     where parent.oid = to_regclass($1)
       and parent.relkind = 'p'
     order by child.relname`,
    [table],
  );
  return rows.length === 0 ? undefined : rows.flatMap(({ name }) => name ?? []);
}
