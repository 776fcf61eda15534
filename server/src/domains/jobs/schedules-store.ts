/** SQL of when schedules last ran. */
import { sql } from 'kysely';
import type { Executor } from '../../platform/database/pool.ts';

export interface ScheduleRow {
  name: string;
  startedAt: Date;
  endedAt: Date | null;
  durationMs: number | null;
  error: string | null;
  failures: number;
}

export async function saveScheduleStart(
  executor: Executor,
  { name, at }: { name: string; at: Date },
): Promise<void> {
  await sql`
    insert into jobs_schedules (name, started_at, failures)
    values (${name}, ${at}, 0)
    on conflict (name) do update
    set started_at = excluded.started_at, ended_at = null
  `.execute(executor);
}

export async function saveScheduleEnd(
  executor: Executor,
  {
    name,
    at,
    durationMs,
    error,
  }: { name: string; at: Date; durationMs: number; error: string | null },
): Promise<void> {
  await sql`
    update jobs_schedules
    set ended_at = ${at}, duration_ms = ${durationMs}, error = ${error},
      failures = case when ${error}::text is null then 0 else failures + 1 end
    where name = ${name}
  `.execute(executor);
}

/** One row for each schedule that ever ran. */
export async function listScheduleRows(executor: Executor): Promise<ScheduleRow[]> {
  const { rows } = await sql<ScheduleRow>`
    select name, started_at as "startedAt", ended_at as "endedAt", duration_ms as "durationMs", error, failures
    from jobs_schedules
    order by name
  `.execute(executor);
  return rows;
}
