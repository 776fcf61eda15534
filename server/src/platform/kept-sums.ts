/**
 * How far sums by day are kept of rows that are written in the order of business time: an hour at a time, so that little is
 * left to be added up when they are read.
 */
import { startOfDay, startOfMonth } from './time.ts';

/** A transaction that wrote within an hour is over by then. */
const graceMs = 10 * 60_000;
const hourMs = 3_600_000;

export interface Kept {
  /** Everything before is in the sums. */
  until: Date;
  /** Where the day began that `until` lies in. */
  day: Date;
}

/** What is added up next: hours of one month. */
export interface KeptStep {
  from: Date;
  to: Date;
  /** Where the first of its days begins in the sums: its midnight, but after the deployment moved to another zone. */
  firstDay: Date;
  /** Where the day begins in the sums that is not over at `to`; all before it are. */
  openDay: Date;
  month: Date;
  timeZone: string;
}

export function keptFrom(at: Date, timeZone: string): Kept {
  const day = startOfDay(at, timeZone);
  return { until: day, day };
}

/** Undefined where no hour more is over. */
export function nextStep(
  { until: from, day }: Kept,
  { now, timeZone }: { now: Date; timeZone: string },
): KeptStep | undefined {
  const over = new Date(Math.floor((now.getTime() - graceMs) / hourMs) * hourMs);
  const nextMonth = startOfMonth(from, timeZone, 1);
  const to = nextMonth < over ? nextMonth : over;
  if (to <= from) return undefined;
  // In another zone a day begins that is partly in the sums already: the rest of it stands by itself.
  const firstDay = startOfDay(from, timeZone) <= day ? day : from;
  const lastDay = startOfDay(to, timeZone);
  return {
    ...{ from, to, firstDay, timeZone },
    openDay: lastDay <= firstDay ? firstDay : lastDay,
    month: startOfMonth(from, timeZone),
  };
}
