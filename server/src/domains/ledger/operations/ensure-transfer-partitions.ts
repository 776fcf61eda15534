import { ensureMonthlyPartitions } from '../../../platform/database/partitions.ts';
import type { Executor } from '../../../platform/database/pool.ts';
import { transfersTable } from '../store.ts';

/** Makes the months from `from` to `to` ready to take transfers. */
export async function ensureTransferPartitions(
  executor: Executor,
  from: Date,
  to: Date,
): Promise<void> {
  await ensureMonthlyPartitions(executor, transfersTable, { from, to });
}
