import type { Executor } from '../../../platform/database/pool.ts';
import { startOfDay, startOfMonth, startOfNextDay } from '../../../platform/time.ts';
import { type SumsQuery, sumCalls, type UsageTotal } from '../rollups-store.ts';

export type Interval = SumsQuery['interval'];

/** One interval's sums, with its bounds. */
export interface UsagePoint extends UsageTotal {
  ends_at: Date;
}

/** Sums calls, tokens and cost by interval of the zone. Over all organizations a day is each organization's own. */
export async function sumUsage(
  executor: Executor,
  query: Omit<SumsQuery, 'ofDays'>,
): Promise<UsagePoint[]> {
  const totals = await sumCalls(executor, { ...query, ofDays: isOfDays(query) });
  return totals.map((total) => ({ ...total, ends_at: endOf(total.starts_at, query) }));
}

/** Whether the sums of whole days serve: they are far fewer. */
export function isOfDays({ from, to, interval, timeZone }: Omit<SumsQuery, 'ofDays'>): boolean {
  const isMidnight = (at: Date) => startOfDay(at, timeZone).getTime() === at.getTime();
  return interval !== 'hour' && isMidnight(from) && isMidnight(to);
}

const hourMs = 3_600_000;

export function endOf(
  start: Date,
  { interval, timeZone, to }: { interval: Interval; timeZone: string; to: Date },
): Date {
  if (interval === 'all') return to;
  if (interval === 'hour') return new Date(start.getTime() + hourMs);
  if (interval === 'month') return startOfMonth(start, timeZone, 1);
  return startOfNextDay(startOfDay(start, timeZone), timeZone);
}
