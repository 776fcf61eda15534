import { ensureAuditPartitions } from '../domains/audit/index.ts';
import { ensureTransferPartitions } from '../domains/ledger/index.ts';
import { ensureUsagePartitions } from '../domains/metering/index.ts';
import type { Context } from '../platform/context.ts';
import { addDuration } from '../platform/time.ts';

/** The months from the last to two ahead of `until` can take usage, transfers and audit entries. */
export async function preparePartitions(context: Context, until: Date): Promise<void> {
  const from = addDuration(context.clocks.business(), '-P1M') ?? until;
  const to = addDuration(until, 'P2M') ?? until;
  await ensureTransferPartitions(context.database, from, to);
  await ensureUsagePartitions(context.database, from, to);
  await ensureAuditPartitions(context.database, from, to);
}
