import { type Context, inTransaction } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { lockFunds } from '../../ledger/index.ts';
import { deleteEndedQuotas, listOrganizationsWithEnded } from '../quotas-store.ts';

/**
 * Removes quotas whose sources all ended before an instant, serialized with the organization's calls by its funds;
 * `forget` removes what is counted of them, in the same transaction. Should a source come back, its quota is made anew
 * and starts from what was used within its window.
 */
export async function removeEndedQuotas(
  context: Context,
  before: Date,
  forget: (transaction: Transaction, quotaIds: readonly string[]) => Promise<void>,
): Promise<void> {
  for (const organizationId of await listOrganizationsWithEnded(context.database, before)) {
    await inTransaction(context, async (transaction) => {
      await lockFunds(transaction, organizationId);
      await forget(transaction, await deleteEndedQuotas(transaction, { organizationId, before }));
    });
  }
}
