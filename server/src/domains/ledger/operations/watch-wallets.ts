/**
 * Tells of wallets that run low, once until they are filled again. Looked at by a job, so that no call waits for it: what
 * is filled and used up between two looks is not told of.
 */
import { type Context, inTransaction } from '../../../platform/context.ts';
import { announceHappening } from '../../../platform/happenings.ts';
import { formatNanos } from '../../../platform/money.ts';
import { armWallets, disarmWallet, findLowWallets, type LowWallet } from '../watched-store.ts';

/** Five units of the usage currency, where an organization has not said otherwise. */
export const usualThreshold = 5_000_000_000n;

const batchSize = 500;
const batchesMax = 200;

export async function watchWallets(context: Context): Promise<number> {
  const watching = { currency: context.config.usageCurrency, usual: usualThreshold };
  await armWallets(context.database, { ...watching, at: context.clocks.business() });
  let told = 0;
  for (let batch = 0; batch < batchesMax; batch += 1) {
    const low = await findLowWallets(context.database, { ...watching, limit: batchSize });
    for (const wallet of low) told += (await tell(context, wallet)) ? 1 : 0;
    if (low.length < batchSize) return told;
  }
  return told;
}

async function tell(
  context: Context,
  { organizationId, balance, threshold }: LowWallet,
): Promise<boolean> {
  return inTransaction(context, async (transaction) => {
    const at = context.clocks.business();
    if (!(await disarmWallet(transaction, { organizationId, at }))) return false;
    await announceHappening(context, transaction, 'wallet.low', {
      organizationId,
      data: {
        ...{ balance: formatNanos(balance), threshold: formatNanos(threshold) },
        currency: context.config.usageCurrency,
      },
    });
    return true;
  });
}
