import type { Platform } from '../../../platform/context.ts';
import { sweepExpired } from '../store.ts';

const batchMax = 1000;

/** Gives back every hold whose time is over; answers how many. Any number of processes may do so at once. */
export async function sweepHolds(platform: Pick<Platform, 'database' | 'clocks'>): Promise<number> {
  const now = { wall: platform.clocks.wall(), business: platform.clocks.business() };
  let total = 0;
  for (;;) {
    const swept = await sweepExpired(platform.database, now, batchMax);
    total += swept;
    if (swept < batchMax) return total;
  }
}
