/** SQL about packages that are about to end. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../platform/database/pool.ts';

interface Ahead {
  now: Date;
  /** So many days ahead of the end; packages that run no longer are not told of. */
  days: number;
}

/**
 * @scope deployment: a job looks at all customers' packages.
 */
export async function findEndingIds(
  executor: Executor,
  { now, days, limit }: Ahead & { limit: number },
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id
    from subscriptions_organization_packages
    where status = 'active' and ending_told_at is null
      and ends_at > ${now}
      and ends_at <= ${now}::timestamptz + make_interval(days => ${days})
      and duration_days > ${days}
    order by ends_at, id
    limit ${limit}
  `.execute(executor);
  return rows.map(({ id }) => id);
}

export interface EndingPackage {
  id: string;
  organizationId: string;
  name: string;
  endsAt: Date;
}

/**
 * Answers nothing where another process has told of it.
 * @scope row: found by a job.
 */
export async function markEndingTold(
  transaction: Transaction,
  { id, at }: { id: string; at: Date },
): Promise<EndingPackage | undefined> {
  const { rows } = await sql<EndingPackage>`
    update subscriptions_organization_packages
    set ending_told_at = ${at}
    where id = ${id} and status = 'active' and ending_told_at is null and ends_at > ${at}
    returning id, organization_id as "organizationId", name, ends_at as "endsAt"
  `.execute(transaction);
  return rows[0];
}

/**
 * When the next package comes within so many days of its end.
 * @scope deployment: a sandbox's clock stops there.
 */
export async function findNextEnding(
  executor: Executor,
  { now, days }: Ahead,
): Promise<Date | undefined> {
  const { rows } = await sql<{ at: Date | null }>`
    select min(ends_at) - make_interval(days => ${days}) as at
    from subscriptions_organization_packages
    where status = 'active' and ending_told_at is null
      and ends_at > ${now}::timestamptz + make_interval(days => ${days})
      and duration_days > ${days}
  `.execute(executor);
  return rows[0]?.at ?? undefined;
}
