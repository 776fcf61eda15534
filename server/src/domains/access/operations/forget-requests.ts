import type { Platform } from '../../../platform/context.ts';
import { addDays } from '../../../platform/time.ts';
import { readSetting } from '../../settings/index.ts';
import { deleteRequestsBefore } from '../requests-store.ts';

/** A call may be settled for as long as usage is taken; a day more, and nobody asks about it. */
const marginDays = 1;
const batchMax = 5000;

/** Forgets the ids that applications chose when nothing can come of them any more. */
export async function forgetRequests(
  platform: Pick<Platform, 'database' | 'clocks'>,
): Promise<void> {
  const { clocks, database } = platform;
  const lateDays = await readSetting(database, 'metering_late_horizon_days');
  const before = addDays(clocks.business(), -(lateDays + marginDays), 'UTC');
  for (;;) {
    const forgotten = await deleteRequestsBefore(database, before, batchMax);
    if (forgotten < batchMax) return;
  }
}
