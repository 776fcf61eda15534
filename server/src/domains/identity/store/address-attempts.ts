/** SQL about what strangers ask for, by address. */
import { sql } from 'kysely';
import type { Executor } from '../../../platform/database/pool.ts';

/** Counts one attempt; what began before `forgottenBefore` is counted anew. One statement, so none slips through. */
export async function countAttempt(
  executor: Executor,
  attempt: { subject: string; now: Date; forgottenBefore: Date },
): Promise<{ attempts: number; since: Date }> {
  const { rows } = await sql<{ attempts: number; since: Date }>`
    insert into identity_address_attempts as a (subject, attempts, since)
    values (${attempt.subject}, 1, ${attempt.now})
    on conflict (subject) do update
    set attempts = case when a.since <= ${attempt.forgottenBefore} then 1 else a.attempts + 1 end,
      since = case when a.since <= ${attempt.forgottenBefore} then excluded.since else a.since end
    returning attempts, since
  `.execute(executor);
  return rows[0] as { attempts: number; since: Date };
}

/** Removes what is forgotten anyway; answers how many. */
export async function deleteOldAddressAttempts(executor: Executor, before: Date): Promise<number> {
  const removed = await sql`
    delete from identity_address_attempts
    where since < ${before}
  `.execute(executor);
  return Number(removed.numAffectedRows ?? 0n);
}
