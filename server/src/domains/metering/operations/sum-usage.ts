import type { Executor } from '../../../platform/database/pool.ts';
import { startOfDay, startOfMonth, startOfNextDay } from '../../../platform/time.ts';
import { sumUsage as querySums, type UsageTotal, type UsageTotalsQuery } from '../store.ts';

/** One interval's sums, with its bounds. */
export interface UsagePoint extends UsageTotal {
  ends_at: Date;
}

/** Sums calls, tokens and cost by interval of the organization's zone. */
export async function sumUsage(executor: Executor, query: UsageTotalsQuery): Promise<UsagePoint[]> {
  const totals = await querySums(executor, query);
  return totals.map((total) => ({ ...total, ends_at: endOf(total.starts_at, query) }));
}

const hourMs = 3_600_000;

function endOf(start: Date, { interval, timeZone }: UsageTotalsQuery): Date {
  if (interval === 'hour') return new Date(start.getTime() + hourMs);
  if (interval === 'month') return startOfMonth(start, timeZone, 1);
  return startOfNextDay(startOfDay(start, timeZone), timeZone);
}
