/** The days that costs are looked at, and as many before them to compare with: whole days of the organization's zone. */
import { dayOf, daysUntil } from '../../ui/zone-days.ts';

export const ranges = [7, 30, 90] as const;
export type Range = (typeof ranges)[number];

export interface Bounds {
  from: string;
  to: string;
}

const dayMs = 86_400_000;

/** The last `days` days, today among them, and the same number before. */
export function boundsOf(
  now: Date,
  days: Range,
  timeZone: string,
): { current: Bounds; previous: Bounds; days: string[] } {
  const today = dayOf(now, timeZone);
  const all = daysUntil(today, 2 * days);
  const end = midnightOf(nextDay(today), timeZone);
  const middle = midnightOf(all[days] as string, timeZone);
  const start = midnightOf(all[0] as string, timeZone);
  return {
    current: { from: middle, to: end },
    previous: { from: start, to: middle },
    days: all.slice(days),
  };
}

function nextDay(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + dayMs).toISOString().slice(0, 10);
}

/** The first instant of a day in a zone; where midnight is left out, the first that there is. */
export function midnightOf(day: string, timeZone: string): string {
  const utc = Date.parse(`${day}T00:00:00Z`);
  let instant = utc - offsetAt(utc, timeZone);
  instant = utc - offsetAt(instant, timeZone);
  if (dayOf(new Date(instant), timeZone) < day) instant += 3_600_000;
  return new Date(instant).toISOString();
}

function offsetAt(instant: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(new Date(instant));
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value);
  const wall = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  );
  return wall - Math.floor(instant / 1000) * 1000;
}
