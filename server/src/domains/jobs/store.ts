/** The one statement that we send to the queue ourselves, so that a job joins the transaction that asks for it. */
import { sql } from 'kysely';
import type { Transaction } from '../../platform/database/pool.ts';

export interface QueuedJob {
  name: string;
  payload: unknown;
  runAt: Date | undefined;
  key: string | undefined;
}

export async function addJob(transaction: Transaction, job: QueuedJob): Promise<void> {
  await sql`
    select graphile_worker.add_job(
      identifier => ${job.name}::text,
      payload => ${JSON.stringify(job.payload ?? {})}::json,
      run_at => ${job.runAt ?? null}::timestamptz,
      job_key => ${job.key ?? null}::text
    )
  `.execute(transaction);
}
