import { ensureMonthlyPartitions } from '../../../platform/database/partitions.ts';
import type { Executor } from '../../../platform/database/pool.ts';
import { eventsTable, usageTable } from '../store.ts';

/** Makes the months from `from` to `to` ready to take usage and events. */
export async function ensureUsagePartitions(
  executor: Executor,
  from: Date,
  to: Date,
): Promise<void> {
  await ensureMonthlyPartitions(executor, usageTable, { from, to });
  await ensureMonthlyPartitions(executor, eventsTable, { from, to });
}
