/** What alerts ask about subscriptions. */
import { sql } from 'kysely';
import type { Executor } from '../../platform/database/pool.ts';
import { idAt } from '../../platform/ids.ts';

/**
 * Subscriptions that their customers canceled in `[from, to)`, be it for the end of the period.
 * @scope deployment: a figure of the whole deployment.
 */
export async function countCancellations(
  executor: Executor,
  { from, to }: { from: Date; to: Date },
): Promise<bigint> {
  const { rows } = await sql<{ count: bigint }>`
    select count(distinct subscription_id) as count
    from subscriptions_changes
    where kind in ('cancel_now', 'cancel_at_end')
      and id >= ${idAt('sch', from)}
      and id < ${idAt('sch', to)}
  `.execute(executor);
  return rows[0]?.count ?? 0n;
}
