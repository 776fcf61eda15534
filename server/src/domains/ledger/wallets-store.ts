/** SQL about many wallets at once. */
import { sql } from 'kysely';
import type { Executor } from '../../platform/database/pool.ts';

/** Of some organizations those whose wallet has less available than each of them names, in nano-units. */
export async function findWalletsBelow(
  executor: Executor,
  asked: readonly { organizationId: string; below: bigint; currency: string }[],
): Promise<string[]> {
  if (asked.length === 0) return [];
  const { rows } = await sql<{ organization_id: string }>`
    select asked.organization_id
    from unnest(
      ${asked.map(({ organizationId }) => organizationId)}::text[],
      ${asked.map(({ below }) => String(below))}::bigint[],
      ${asked.map(({ currency }) => currency)}::text[]
    ) as asked (organization_id, below, currency)
    left join ledger_buckets as bucket
      on bucket.organization_id = asked.organization_id
      and bucket.kind = 'wallet'
      and bucket.currency = asked.currency
    where coalesce(bucket.available, 0) < asked.below
    order by asked.organization_id
  `.execute(executor);
  return rows.map((row) => row.organization_id);
}
