import { type Context, inTransaction } from '../../../platform/context.ts';
import { detachMonthsBefore } from '../../../platform/database/partitions.ts';
import { startOfMonth } from '../../../platform/time.ts';
import { readSetting, writeSetting } from '../../settings/index.ts';
import { deleteKeysBefore } from '../ingest-store.ts';
import { eventsTable, usageTable } from '../store.ts';

const dayMs = 86_400_000;
/** An event that is refused for its age anyway needs no key; the margin is for clocks that were moved. */
const marginDays = 7;
const keysBatchMax = 20_000;

/**
 * Detaches months of usage and events that are older than they are kept, and forgets keys that no event can repeat.
 * A detached month is a table of its own, `metering_events_2025_01_detached`: the operator archives it or drops it.
 */
export async function retireEvents(context: Context): Promise<void> {
  const now = context.clocks.business();
  const lateDays = await readSetting(context.database, 'metering_late_horizon_days');
  const horizon = new Date(now.getTime() - (lateDays + marginDays) * dayMs);
  while ((await deleteKeysBefore(context.database, horizon, keysBatchMax)) === keysBatchMax);

  const months = await readSetting(context.database, 'metering_retention_months');
  if (months === null) return;
  const kept = startOfMonth(now, 'UTC', -months);
  // What may still be reported or corrected stays, however short the retention.
  const before = kept < horizon ? kept : horizon;
  await sayKeptSince(context, startOfMonth(before, 'UTC'));
  for (const table of [eventsTable, usageTable]) {
    const detached = await detachMonthsBefore(context.database, table, before);
    if (detached.length > 0) context.log.info({ tables: detached }, 'old months were detached');
  }
}

/** Said before anything is detached, so that nobody misses in the books what is kept elsewhere. */
async function sayKeptSince(context: Context, since: Date): Promise<void> {
  const name = 'metering_kept_since';
  await inTransaction(context, async (transaction) => {
    const said = await readSetting(transaction, name);
    if (said !== null && new Date(said) >= since) return;
    await writeSetting(context, transaction, name, since.toISOString());
  });
}
