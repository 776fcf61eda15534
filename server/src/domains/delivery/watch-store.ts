/** What alerts, metrics and the doctor ask about mails. */
import { sql } from 'kysely';
import type { Executor } from '../../platform/database/pool.ts';

export interface MailBacklog {
  queued: bigint;
  /** Queued before the instant. */
  late: bigint;
  oldest: Date | null;
  /** What the newest failed try said. */
  lastError: string | null;
}

export async function readMailBacklog(executor: Executor, lateBefore: Date): Promise<MailBacklog> {
  const { rows } = await sql<MailBacklog>`
    select count(*) as queued,
      count(*) filter (where created_at < ${lateBefore}) as late,
      min(created_at) as oldest,
      (array_agg(last_error order by created_at desc) filter (where last_error is not null))[1] as "lastError"
    from delivery_messages
    where status = 'queued'
  `.execute(executor);
  return rows[0] ?? { queued: 0n, late: 0n, oldest: null, lastError: null };
}
