/** SQL by which operators find a payment. */
import { sql } from 'kysely';
import type { Executor } from '../../platform/database/pool.ts';

export interface FoundAttempt {
  id: string;
  number: string;
  organizationId: string;
  provider: string;
  providerTransaction: string | null;
  status: string;
}

/**
 * Payments by their id, their number, or the provider's number of the money.
 * @scope deployment: operators search every customer.
 */
export async function findAttemptsNamed(
  executor: Executor,
  { q, limit }: { q: string; limit: number },
): Promise<FoundAttempt[]> {
  const { rows } = await sql<FoundAttempt>`
    select id, number, organization_id as "organizationId", provider,
      provider_transaction as "providerTransaction", status
    from payments_attempts
    where id in (
      select id from payments_attempts where id = ${q} or number = lower(${q})
      union all
      select id from payments_attempts where provider_transaction = ${q}
      union all
      select attempt_id from payments_transactions where provider_transaction = ${q}
    )
    order by id desc
    limit ${limit}
  `.execute(executor);
  return rows;
}
