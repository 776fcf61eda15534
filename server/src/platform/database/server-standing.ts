/** What the doctor asks of the database itself. */
import { sql } from 'kysely';
import type { Executor } from './pool.ts';

export interface DatabaseServer {
  version: string;
  versionNumber: number;
  isReplica: boolean;
  autovacuum: boolean;
  at: Date;
}

export async function readServer(executor: Executor): Promise<DatabaseServer> {
  const { rows } = await sql<DatabaseServer>`
    select split_part(current_setting('server_version'), ' ', 1) as version,
      current_setting('server_version_num')::integer as "versionNumber",
      pg_is_in_recovery() as "isReplica",
      current_setting('autovacuum')::boolean as autovacuum,
      clock_timestamp() as at
  `.execute(executor);
  return rows[0] as DatabaseServer;
}

export async function readConnections(
  executor: Executor,
): Promise<{ used: number; allowed: number }> {
  const { rows } = await sql<{ used: number; allowed: number }>`
    select count(*)::integer as used, current_setting('max_connections')::integer as allowed
    from pg_stat_activity
    where backend_type = 'client backend'
  `.execute(executor);
  return rows[0] as { used: number; allowed: number };
}

export interface OldSnapshot {
  pid: number;
  application: string;
  ageMs: number;
}

/** The transaction that is open for longest, of this database. */
export async function readOldestSnapshot(
  executor: Executor,
  wall: Date,
): Promise<OldSnapshot | undefined> {
  const { rows } = await sql<OldSnapshot>`
    select pid, application_name as application,
      (extract(epoch from ${wall}::timestamptz - xact_start) * 1000)::float8 as "ageMs"
    from pg_stat_activity
    where datname = current_database()
      and xact_start is not null
      and pid <> pg_backend_pid()
      and backend_type = 'client backend'
    order by xact_start
    limit 1
  `.execute(executor);
  return rows[0];
}

export async function findPartitionOf(executor: Executor, name: string): Promise<boolean> {
  const { rows } = await sql<{ found: boolean }>`
    select to_regclass(${name}) is not null as found
  `.execute(executor);
  return rows[0]?.found ?? false;
}

const deadMin = 100_000;

/** Tables with more dead rows than living ones, and very many of them. */
export async function findBloated(executor: Executor): Promise<{ table: string; dead: bigint }[]> {
  const { rows } = await sql<{ table: string; dead: bigint }>`
    select relname as table, n_dead_tup as dead
    from pg_stat_user_tables
    where n_dead_tup > ${deadMin} and n_dead_tup > n_live_tup
    order by n_dead_tup desc
    limit 5
  `.execute(executor);
  return rows;
}
