import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { newId } from '../../../platform/ids.ts';
import { insertFunds } from '../store.ts';

/** Gives an organization its funds row and an empty wallet; once is enough, twice does no harm. */
export async function openFunds(
  context: Context,
  transaction: Transaction,
  organizationId: string,
  timeZone = 'UTC',
): Promise<void> {
  await insertFunds(transaction, {
    organizationId,
    timeZone,
    currency: context.config.usageCurrency,
    walletId: newId('wal', context.clocks.business()),
  });
}
