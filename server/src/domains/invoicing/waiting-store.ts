/** SQL of drafts that wait for the next invoice of a subscription. */
import { sql } from 'kysely';
import type { Executor } from '../../platform/database/pool.ts';

interface Customer {
  organizationId: string;
  currency: string;
}

/** Oldest first, without a lock: for previews. */
export async function findWaitingIds(executor: Executor, customer: Customer): Promise<string[]> {
  return idsOf(executor, customer, sql``);
}

/** Locks them, and passes over those that an operator is at: nobody waits behind the locks of the customer. */
export async function lockWaitingIds(executor: Executor, customer: Customer): Promise<string[]> {
  return idsOf(executor, customer, sql`for update skip locked`);
}

const waitingMax = 100;

async function idsOf(
  executor: Executor,
  { organizationId, currency }: Customer,
  locking: ReturnType<typeof sql>,
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id
    from invoicing_invoices
    where organization_id = ${organizationId}
      and currency = ${currency}
      and status = 'draft'
      and draft ->> 'isWaiting' = 'true'
    order by id
    limit ${waitingMax}
    ${locking}
  `.execute(executor);
  return rows.map(({ id }) => id);
}
