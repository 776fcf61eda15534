/** SQL by which operators find flagged customers. */
import { sql } from 'kysely';
import type { Executor } from '../../platform/database/pool.ts';

/**
 * Organizations with a flag in force, of that state where one is named; the newest first.
 * @scope deployment: operators list every customer.
 */
export async function findFlaggedOrganizations(
  executor: Executor,
  asked: { state: 'open' | 'confirmed' | null; before: string | undefined; limit: number },
): Promise<string[]> {
  const { state, before = null, limit } = asked;
  const { rows } = await sql<{ id: string }>`
    select distinct organization_id as id
    from risk_flags
    where state in ('open', 'confirmed')
      and (${state}::text is null or state = ${state})
      and (${before}::text is null or organization_id < ${before})
    order by organization_id desc
    limit ${limit}
  `.execute(executor);
  return rows.map(({ id }) => id);
}
