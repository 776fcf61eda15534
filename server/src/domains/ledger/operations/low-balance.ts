import { type Context, inTransaction } from '../../../platform/context.ts';
import type { Executor } from '../../../platform/database/pool.ts';
import { formatNanos } from '../../../platform/money.ts';
import { recordAudit } from '../../audit/index.ts';
import { findThreshold, saveThreshold } from '../watched-store.ts';
import { usualThreshold } from './watch-wallets.ts';

/** Below which an organization is told that its wallet runs low, in nano-units of the usage currency; zero: never. */
export async function readLowBalance(executor: Executor, organizationId: string): Promise<bigint> {
  return (await findThreshold(executor, organizationId)) ?? usualThreshold;
}

export async function changeLowBalance(
  context: Context,
  organizationId: string,
  threshold: bigint,
): Promise<void> {
  await inTransaction(context, async (transaction) => {
    const before = await readLowBalance(transaction, organizationId);
    const at = context.clocks.business();
    await saveThreshold(transaction, { organizationId, threshold, at });
    await recordAudit(context, transaction, {
      organizationId,
      action: 'organization.set_low_balance',
      resource: { kind: 'organization', id: organizationId },
      oldValues: { low_balance: formatNanos(before) },
      newValues: { low_balance: formatNanos(threshold) },
    });
  });
}
