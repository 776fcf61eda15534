import { ensureMonthlyPartitions } from '../../../platform/database/partitions.ts';
import type { Executor } from '../../../platform/database/pool.ts';
import { usageTable } from '../store.ts';

/** Makes the months from `from` to `to` ready to take usage. */
export async function ensureUsagePartitions(
  executor: Executor,
  from: Date,
  to: Date,
): Promise<void> {
  await ensureMonthlyPartitions(executor, usageTable, { from, to });
}
