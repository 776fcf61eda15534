/** The periods of a subscription: half-open, counted from an anchor that keeps its day of the month. */
import { addIntervals, type Interval } from '../../../platform/time.ts';

export interface Period {
  from: Date;
  to: Date;
}

export interface Cycle {
  interval: Interval;
  /** An instant at which a period began, or would have. */
  anchor: Date;
  timeZone: string;
}

/** The period with that number, from 0 at the anchor; earlier ones have negative numbers. */
export function periodNumber(cycle: Cycle, index: number): Period {
  return { from: startOf(cycle, index), to: startOf(cycle, index + 1) };
}

/** The period that an instant lies in. */
export function periodAt(cycle: Cycle, at: Date): Period & { index: number } {
  const days = { day: 1, week: 7, month: 31, year: 366 }[cycle.interval.unit];
  const longestMs = days * cycle.interval.count * 86_400_000;
  // Never beyond the right one, and off by a few at most in a lifetime of short months.
  let index = Math.floor((at.getTime() - cycle.anchor.getTime()) / longestMs);
  while (startOf(cycle, index) > at) index -= 1;
  while (startOf(cycle, index + 1) <= at) index += 1;
  return { ...periodNumber(cycle, index), index };
}

/** Also where both begin at one instant: a month that is changed to a year as it begins. */
export function isOtherPeriod(a: Period, b: Period): boolean {
  return a.from.getTime() !== b.from.getTime() || a.to.getTime() !== b.to.getTime();
}

function startOf({ anchor, interval, timeZone }: Cycle, index: number): Date {
  return addIntervals(anchor, interval, index, timeZone);
}
