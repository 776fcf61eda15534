import { type Context, inTransaction } from '../../../platform/context.ts';
import { monthlyWorth } from '../core/monthly-worth.ts';
import { findUnprovenMrr, listUncounted, saveWorth } from '../mrr-store.ts';

const perTransaction = 500;

/**
 * Counts what subscriptions are worth that are older than the count, each from its beginning on, then proves that all
 * movements come to what is paid now.
 */
export async function countWorth(context: Context): Promise<number> {
  let counted = 0;
  for (;;) {
    const some = await inTransaction(context, async (transaction) => {
      const subscriptions = await listUncounted(transaction, perTransaction);
      await saveWorth(
        transaction,
        subscriptions.map((subscription) => ({
          id: subscription.id,
          minor: monthlyWorth(subscription),
          currency: subscription.state.terms.currency,
        })),
      );
      return subscriptions.length;
    });
    counted += some;
    if (some < perTransaction) break;
  }
  const unproven = await findUnprovenMrr(context.database);
  if (unproven.length > 0) {
    context.log.error({ unproven }, 'movements of the MRR do not come to what is paid');
  }
  return counted;
}
