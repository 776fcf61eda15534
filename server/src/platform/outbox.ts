/** What waits to be told; see `events.ts`. */
import { sql } from 'kysely';
import type { Executor } from './database/pool.ts';

export interface OutboxBacklog {
  waiting: bigint;
  /** Announced before the instant. */
  late: bigint;
  oldest: Date | null;
  /** Of these events. */
  events: string[];
}

export async function readOutboxBacklog(
  executor: Executor,
  lateBefore: Date,
): Promise<OutboxBacklog> {
  const { rows } = await sql<OutboxBacklog>`
    select count(*) as waiting,
      count(*) filter (where created_at < ${lateBefore}) as late,
      min(created_at) as oldest,
      coalesce(array_agg(distinct event) filter (where created_at < ${lateBefore}), '{}') as events
    from platform_outbox
  `.execute(executor);
  return rows[0] ?? { waiting: 0n, late: 0n, oldest: null, events: [] };
}
