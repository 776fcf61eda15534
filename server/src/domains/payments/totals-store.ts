/** Sums for reports. */
import { sql } from 'kysely';
import type { Executor } from '../../platform/database/pool.ts';

export interface ReceivedTotal {
  currency: string;
  minor: bigint;
  payments: bigint;
}

/**
 * What came in from outside in `[from, to)`, by the currency that was asked for; the wallet is no outside.
 * @scope deployment: the overview adds up all customers.
 */
export async function sumReceived(
  executor: Executor,
  from: Date,
  to: Date,
): Promise<ReceivedTotal[]> {
  const { rows } = await sql<ReceivedTotal>`
    select currency, sum(amount_minor)::bigint as minor, count(*) as payments
    from payments_attempts
    where status = 'succeeded'
      and provider <> 'wallet'
      and settled_at >= ${from}
      and settled_at < ${to}
    group by currency
    order by currency
  `.execute(executor);
  return rows;
}

/**
 * Parked money that waits for a person.
 * @scope deployment: the overview adds up all customers.
 */
export async function countUnapplied(executor: Executor): Promise<bigint> {
  const { rows } = await sql<{ count: bigint }>`
    select count(*) as count
    from payments_unapplied
    where state = 'open'
  `.execute(executor);
  return rows[0]?.count ?? 0n;
}
