/** The months that a report is asked for, and the points of its course. */
import { reportDayMonthsMax, reportMonthsMax } from '@sluice/contract/reports-span';
import { Refusal } from '../../../platform/errors.ts';
import { dayOf, startOfDay, startOfMonth, startOfNextDay } from '../../../platform/time.ts';

export interface ReportSpan {
  from: Date;
  to: Date;
  timeZone: string;
  interval: 'day' | 'month';
}

export interface PointSpan {
  from: Date;
  to: Date;
}

interface Asked {
  from?: string | undefined;
  to?: string | undefined;
  interval?: 'day' | 'month' | undefined;
}

const monthsShown = 12;

/**
 * Whole months of the zone; the last twelve unless others are named, or this one by the day.
 * @throws Refusal `rule_violated` for a time that is none, or too long.
 */
export function readSpan(asked: Asked, now: Date, timeZone: string): ReportSpan {
  const { interval = 'month' } = asked;
  const last = asked.to === undefined ? startOfMonth(now, timeZone) : monthAt(asked.to, timeZone);
  const shown = interval === 'day' ? 1 : monthsShown;
  const from =
    asked.from === undefined
      ? startOfMonth(last, timeZone, 1 - shown)
      : monthAt(asked.from, timeZone);
  const to = startOfMonth(last, timeZone, 1);
  const max = interval === 'day' ? reportDayMonthsMax : reportMonthsMax;
  if (from < to && startOfMonth(from, timeZone, max) >= to) return { from, to, timeZone, interval };
  throw new Refusal('rule_violated', `Ask for at most ${max} months, the first before the last.`, {
    param: 'from',
  });
}

/** The middle of a month is in it in every zone. */
function monthAt(month: string, timeZone: string): Date {
  return startOfMonth(new Date(`${month}-15T12:00:00Z`), timeZone);
}

/** Days or months of the span that have begun. */
export function pointsOf({ from, to, timeZone, interval }: ReportSpan, now: Date): PointSpan[] {
  const points: PointSpan[] = [];
  for (let at = from; at < to && at <= now; ) {
    const next =
      interval === 'month'
        ? startOfMonth(at, timeZone, 1)
        : startOfNextDay(startOfDay(at, timeZone), timeZone);
    points.push({ from: at, to: next });
    at = next;
  }
  return points;
}

export function monthOf(at: Date, timeZone: string): string {
  return dayOf(at, timeZone).slice(0, 7);
}

/** Rows of a course by the instant at which their interval begins. */
export function byStart<T extends { starts_at: Date }>(rows: readonly T[]): Map<number, T[]> {
  return Map.groupBy(rows, (row) => row.starts_at.getTime());
}

export function presentSpan({ from, to }: PointSpan) {
  return { from: from.toISOString(), to: to.toISOString() };
}

export function presentHead({ from, to, timeZone }: ReportSpan) {
  return { ...presentSpan({ from, to }), time_zone: timeZone };
}
