/** SQL by which a payment is found, and by whom an invoice was paid. */
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

/**
 * By whom each of some invoices was paid: the provider whose money was applied, at once or by an operator.
 * @scope row: of invoices that were found for their organization.
 */
export async function findPayingProviders(
  executor: Executor,
  invoiceIds: readonly string[],
): Promise<Map<string, string>> {
  if (invoiceIds.length === 0) return new Map();
  const { rows } = await sql<{ invoice_id: string; provider: string }>`
    select attempt.invoice_id, attempt.provider
    from payments_attempts attempt
    where attempt.invoice_id = any(${[...invoiceIds]}::text[])
      and attempt.status = 'succeeded'
      and not exists (
        select from payments_unapplied parked
        join payments_transactions money on money.id = parked.transaction_id
        where parked.attempt_id = attempt.id
          and money.provider_transaction = attempt.provider_transaction
      )
    union all
    select parked.applied_invoice_id, money.provider
    from payments_unapplied parked
    join payments_transactions money on money.id = parked.transaction_id
    where parked.applied_invoice_id = any(${[...invoiceIds]}::text[])
  `.execute(executor);
  return new Map(rows.map((row) => [row.invoice_id, row.provider]));
}
