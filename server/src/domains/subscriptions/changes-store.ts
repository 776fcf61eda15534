/** SQL of what happened to subscriptions, as it asks for invoices. */
import type { Executor } from '../../platform/database/pool.ts';

type Tables = {
  subscriptions_changes: {
    id: string;
    subscription_id: string;
    kind: string;
    invoice_id: string | null;
    occurred_at: Date;
  };
};

const tables = (executor: Executor) => executor.withTables<Tables>();

/** What is paid for in full; a change to another cycle is paid for in part by what the period before it gave back. */
const wholePeriods = ['subscribe', 'end_trial', 'renew', 'resume'];

/**
 * Invoices that have paid for the period that runs, the newest first: what may be credited.
 * @scope row: of a subscription that is held.
 */
export async function listCreditableInvoices(
  executor: Executor,
  subscriptionId: string,
): Promise<string[]> {
  const invoiced = tables(executor)
    .selectFrom('subscriptions_changes')
    .where('subscription_id', '=', subscriptionId)
    .where('invoice_id', 'is not', null);
  const first = await invoiced
    .select('occurred_at')
    .where('kind', 'in', wholePeriods)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (!first) return [];
  const rows = await invoiced
    .select('invoice_id')
    .where('occurred_at', '>=', first.occurred_at)
    // Time that is given back was paid by the others; of use only a fallen price gives anything back.
    .orderBy(({ eb }) => eb('kind', '=', 'invoice_usage'))
    .orderBy('id', 'desc')
    .execute();
  return rows.flatMap(({ invoice_id: id }) => (id === null ? [] : [id]));
}
