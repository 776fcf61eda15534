/** What we ask of the database ourselves; the rest is the library's. */
import { sql } from 'kysely';
import type { Transaction } from '../../platform/database/pool.ts';

export interface QueuedJob {
  name: string;
  payload: unknown;
  runAt: Date | undefined;
  key: string | undefined;
  attemptsMax?: number | undefined;
}

/** Through our own transaction, which the job joins. */
export async function addJob(transaction: Transaction, job: QueuedJob): Promise<void> {
  await sql`
    select graphile_worker.add_job(
      identifier => ${job.name}::text,
      payload => ${JSON.stringify(job.payload ?? {})}::json,
      run_at => ${job.runAt ?? null}::timestamptz,
      job_key => ${job.key ?? null}::text,
      max_attempts => ${job.attemptsMax ?? null}::integer
    )
  `.execute(transaction);
}

/** As much of a connection as a lock needs. */
interface Connection {
  query<Row extends object>(text: string, values: unknown[]): Promise<{ rows: Row[] }>;
}

/**
 * Does the work unless somebody else in the cluster is at it. The lock belongs to the connection: it is gone as soon as
 * the process is, however it went.
 */
export async function runAlone(
  connection: Connection,
  name: string,
  work: () => Promise<void>,
): Promise<void> {
  const lock = 'select pg_try_advisory_lock(hashtextextended($1, 0)) as "isMine"';
  const { rows } = await connection.query<{ isMine: boolean }>(lock, [name]);
  if (!rows[0]?.isMine) return;
  try {
    await work();
  } finally {
    await connection.query('select pg_advisory_unlock(hashtextextended($1, 0))', [name]);
  }
}
