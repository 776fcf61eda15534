/** What alerts, metrics and the doctor ask about payments: small questions, asked every minute. */
import { sql } from 'kysely';
import type { Executor } from '../../platform/database/pool.ts';

export interface AttemptOutcomes {
  provider: string;
  status: string;
  attempts: bigint;
}

/**
 * What became of the attempts that were begun in `[from, to)`, by provider; the wallet is no outside.
 * @scope deployment: a figure of the whole deployment.
 */
export async function countAttemptOutcomes(
  executor: Executor,
  { from, to }: { from: Date; to: Date },
): Promise<AttemptOutcomes[]> {
  const { rows } = await sql<AttemptOutcomes>`
    select provider, status, count(*) as attempts
    from payments_attempts
    where provider <> 'wallet'
      and created_at >= ${from}
      and created_at < ${to}
    group by provider, status
    order by provider, status
  `.execute(executor);
  return rows;
}

export interface WaitingNotifications {
  /** To be tried again by themselves. */
  waiting: bigint;
  /** Given up: they wait for a person. */
  dead: bigint;
  /** Since when the longest waits. */
  oldest: Date | null;
}

/** What providers told us and nobody has acted on yet. */
export async function countWaitingNotifications(executor: Executor): Promise<WaitingNotifications> {
  const { rows } = await sql<WaitingNotifications>`
    select count(*) filter (where next_try_at is not null) as waiting,
      count(*) filter (where outcome = 'dead') as dead,
      min(received_at) filter (where next_try_at is not null) as oldest
    from payments_inbox
    where next_try_at is not null or outcome = 'dead'
  `.execute(executor);
  return rows[0] ?? { waiting: 0n, dead: 0n, oldest: null };
}
