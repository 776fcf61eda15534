/** When a schedule is due next: five fields in UTC, of which each is `*`, a figure, a list, a range or a step. */
import { invariant } from '../../../platform/errors.ts';

const minuteMs = 60_000;
/** The longest way to a day of the year that every year has. */
const minutesMax = 366 * 24 * 60;

interface Field {
  min: number;
  max: number;
}

const fields: readonly Field[] = [
  { min: 0, max: 59 },
  { min: 0, max: 23 },
  { min: 1, max: 31 },
  { min: 1, max: 12 },
  { min: 0, max: 6 },
];

/** The first minute after `after` that the schedule names; null where there is none within a year. */
export function nextRun(cron: string, after: Date): Date | null {
  const parts = cron.trim().split(/\s+/);
  invariant(parts.length === fields.length, `"${cron}" has five fields`);
  const [minutes, hours, days, months, weekdays] = fields.map((field, index) =>
    valuesOf(parts[index] ?? '', field),
  );
  const first = Math.floor(after.getTime() / minuteMs) + 1;
  for (let step = 0; step < minutesMax; ) {
    const at = new Date((first + step) * minuteMs);
    const isDay =
      months?.has(at.getUTCMonth() + 1) &&
      days?.has(at.getUTCDate()) &&
      weekdays?.has(at.getUTCDay());
    if (!isDay) step += (24 - at.getUTCHours()) * 60 - at.getUTCMinutes();
    else if (!hours?.has(at.getUTCHours())) step += 60 - at.getUTCMinutes();
    else if (minutes?.has(at.getUTCMinutes())) return at;
    else step += 1;
  }
  return null;
}

function valuesOf(text: string, { min, max }: Field): ReadonlySet<number> {
  const values = new Set<number>();
  for (const part of text.split(',')) {
    const [range = '', every = '1'] = part.split('/');
    const [from = '', to = range.includes('/') ? '' : from] = range.split('-');
    const first = range === '*' ? min : Number(from);
    const last = range === '*' ? max : Number(to);
    const step = Number(every);
    const isSound = first >= min && last <= max && first <= last && step >= 1;
    invariant(isSound, `"${text}" is a field of a schedule`);
    for (let value = first; value <= last; value += step) values.add(value);
  }
  return values;
}
