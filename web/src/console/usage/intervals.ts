/** The hours or days that the usage page draws, quiet ones too. */
import { dayOf, daysUntil } from '../../ui/zone-days.ts';
import { instantIn } from '../../ui/zone-instant.ts';

export const periods = ['day', 'week', 'month'] as const;
export type Period = (typeof periods)[number];

const hourMs = 3_600_000;
const halfDayMs = 12 * hourMs;
const hoursShown = 24;
const daysShown = { week: 7, month: 30 } as const;

export interface Interval<T> {
  /** The hour's first instant, or the day as `YYYY-MM-DD`. */
  at: string;
  /** Usually one; days of customers in other zones begin at other instants. */
  points: T[];
}

export function intervalOf(period: Period): 'hour' | 'day' {
  return period === 'day' ? 'hour' : 'day';
}

/** Where the period begins; it moves by whole hours or days, so that asking again asks for the same. */
export function beginOf(period: Period, now: Date, timeZone: string): string {
  if (period === 'day') {
    return new Date((Math.floor(now.getTime() / hourMs) - hoursShown + 1) * hourMs).toISOString();
  }
  const [first = ''] = daysUntil(dayOf(now, timeZone), daysShown[period]);
  return instantIn(timeZone, `${first}T00:00`);
}

interface Shown {
  period: Period;
  now: Date;
  timeZone: string;
}

export function fillIn<T extends { from: string }>(
  points: readonly T[],
  { period, now, timeZone }: Shown,
): Interval<T>[] {
  if (period === 'day') return hours(points, now);
  // Noon names the same day in zones around the page's.
  const byDay = groupBy(points, ({ from }) =>
    dayOf(new Date(Date.parse(from) + halfDayMs), timeZone),
  );
  return daysUntil(dayOf(now, timeZone), daysShown[period]).map((day) => ({
    at: day,
    points: byDay.get(day) ?? [],
  }));
}

function hours<T extends { from: string }>(points: readonly T[], now: Date): Interval<T>[] {
  // In some zones hours begin at half past.
  const shift = points[0] ? Date.parse(points[0].from) % hourMs : 0;
  const last = Math.floor((now.getTime() - shift) / hourMs) * hourMs + shift;
  const byHour = groupBy(points, ({ from }) => Date.parse(from));
  return Array.from({ length: hoursShown }, (_, index) => {
    const at = last - (hoursShown - 1 - index) * hourMs;
    return { at: new Date(at).toISOString(), points: byHour.get(at) ?? [] };
  });
}

/** `Map.groupBy`, which browsers of some years ago lack. */
function groupBy<T, Key>(items: readonly T[], keyOf: (item: T) => Key): Map<Key, T[]> {
  const groups = new Map<Key, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return groups;
}
