/**
 * Two clocks, always arguments. *Wall* time is for tokens, signatures, hold expiry and timeouts; *business* time, which
 * a sandbox can move, is for periods, allowances, invoices and expiry. Calendar arithmetic is Temporal's.
 */
import { Temporal } from 'temporal-polyfill';

export interface Clocks {
  wall(): Date;
  business(): Date;
}

/** Clocks of a running process; `offsetMs` is how far business time runs ahead. */
export function systemClocks(offsetMs: () => number): Clocks {
  return {
    wall: () => new Date(),
    business: () => new Date(Date.now() + offsetMs()),
  };
}

/** Whether the name is an IANA time zone that this runtime knows. */
export function isTimeZone(name: string): boolean {
  try {
    Temporal.Now.zonedDateTimeISO(name);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** The calendar day of an instant in a zone, `YYYY-MM-DD`. */
export function dayOf(at: Date, timeZone: string): string {
  return zoned(at, timeZone).toPlainDate().toString();
}

/** The instant at which the day of `at` began in the zone; DST included. */
export function startOfDay(at: Date, timeZone: string): Date {
  return new Date(zoned(at, timeZone).startOfDay().epochMilliseconds);
}

/** The midnight that ends the day of `at`, moved on by `days` further days. */
export function startOfNextDay(at: Date, timeZone: string, days = 1): Date {
  return new Date(zoned(at, timeZone).add({ days }).startOfDay().epochMilliseconds);
}

/** The instant at which the calendar month of `at` began in the zone. */
export function startOfMonth(at: Date, timeZone: string, months = 0): Date {
  const first = zoned(at, timeZone).with({ day: 1 }).add({ months });
  return new Date(first.startOfDay().epochMilliseconds);
}

/** The same wall-clock time `days` calendar days later in the zone; DST included. */
export function addDays(at: Date, days: number, timeZone: string): Date {
  return new Date(zoned(at, timeZone).add({ days }).epochMilliseconds);
}

/** A length of time that recurs, such as 3 months. */
export interface Interval {
  unit: 'day' | 'week' | 'month' | 'year';
  count: number;
}

/**
 * The anchor moved on by so many intervals, at its wall-clock time in the zone. Counted from the anchor, so that the
 * 31st comes back after a short month: 31 January, 28 February, 31 March.
 */
export function addIntervals(
  anchor: Date,
  { unit, count }: Interval,
  times: number,
  timeZone: string,
): Date {
  const duration = { [`${unit}s`]: count * times };
  return new Date(zoned(anchor, timeZone).add(duration).epochMilliseconds);
}

/** Calendar days from the day of `from` to the day of `to` in the zone. */
export function daysBetween(from: Date, to: Date, timeZone: string): number {
  return zoned(from, timeZone).toPlainDate().until(zoned(to, timeZone).toPlainDate()).days;
}

/** Days between two dates where every month has 30 of them. */
export function thirtyDayMonthsBetween(from: Date, to: Date, timeZone: string): number {
  const [start, end] = [zoned(from, timeZone), zoned(to, timeZone)];
  const months = (end.year - start.year) * 12 + end.month - start.month;
  return months * 30 + end.day - start.day;
}

/** Adds an ISO 8601 duration such as `P1M2DT3H` in UTC; undefined where the text is none. */
export function addDuration(at: Date, duration: string): Date | undefined {
  try {
    return new Date(zoned(at, 'UTC').add(Temporal.Duration.from(duration)).epochMilliseconds);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function zoned(at: Date, timeZone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timeZone);
}
