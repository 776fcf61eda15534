/** What alerts, metrics and the doctor ask about the queue. */
import { sql } from 'kysely';
import type { Executor } from '../../platform/database/pool.ts';

export interface JobsStanding {
  waiting: bigint;
  /** They failed and are to be tried again, or were given up. */
  failing: bigint;
  /** Due for longer than a minute, and nobody works on them. */
  late: bigint;
  oldestDue: Date | null;
}

const lateMs = 60_000;

export async function readJobsStanding(executor: Executor, wall: Date): Promise<JobsStanding> {
  const lateBefore = new Date(wall.getTime() - lateMs);
  const { rows } = await sql<JobsStanding>`
    select count(*) filter (where locked_at is null) as waiting,
      count(*) filter (where last_error is not null) as failing,
      count(*) filter (where locked_at is null and run_at < ${lateBefore}
        and attempts < max_attempts) as late,
      min(run_at) filter (where locked_at is null and run_at < ${wall}
        and attempts < max_attempts) as "oldestDue"
    from graphile_worker.jobs
  `.execute(executor);
  return rows[0] ?? { waiting: 0n, failing: 0n, late: 0n, oldestDue: null };
}

export interface FailingJob {
  name: string;
  attempts: number;
  error: string;
}

/** Those that failed and are still in the queue, the oldest first. */
export async function listFailingJobs(executor: Executor, limit: number): Promise<FailingJob[]> {
  const { rows } = await sql<FailingJob>`
    select task_identifier as name, attempts, left(last_error, 300) as error
    from graphile_worker.jobs
    where last_error is not null
    order by id
    limit ${limit}
  `.execute(executor);
  return rows;
}
