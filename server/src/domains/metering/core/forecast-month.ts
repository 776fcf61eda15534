/** What a month will come to, from what each day before came to, and how far last month's forecast was off. */
import { type Ratio, ratio } from '../../../platform/ratio.ts';
import { dayOf, startOfDay, startOfMonth, startOfNextDay } from '../../../platform/time.ts';
import { backTest, type Forecast, forecast } from './forecast.ts';

/** So many days before last month, so that its own forecast has them to look at. */
const daysBefore = 56;

/** From which instant to which days must be known. */
export function forecastSpan(now: Date, timeZone: string): { from: Date; to: Date } {
  const lastMonth = startOfMonth(now, timeZone, -1);
  return {
    from: startOfNextDay(lastMonth, timeZone, -daysBefore),
    to: startOfNextDay(now, timeZone),
  };
}

export interface MonthForecast extends Forecast {
  last: { expected: bigint; actual: bigint } | undefined;
}

/** `amounts` by day of the zone; days without one came to nothing. */
export function forecastMonth(
  amounts: ReadonlyMap<string, bigint>,
  now: Date,
  timeZone: string,
): MonthForecast {
  const today = startOfDay(now, timeZone);
  const month = startOfMonth(now, timeZone);
  const lastMonth = startOfMonth(now, timeZone, -1);
  const { from } = forecastSpan(now, timeZone);
  const days = (first: Date, until: Date) =>
    midnights(first, until, timeZone).map((at) => amounts.get(dayOf(at, timeZone)) ?? 0n);
  const made = forecast({
    past: days(from, today),
    spent: days(month, startOfNextDay(now, timeZone)).reduce((sum, amount) => sum + amount, 0n),
    rest: midnights(today, startOfMonth(now, timeZone, 1), timeZone).map((at) =>
      shareLeft(at, now, timeZone),
    ),
  });
  const length = midnights(lastMonth, month, timeZone).length;
  const asOf = Math.min(length, midnights(month, today, timeZone).length);
  const tested = backTest(days(from, month), { length, asOf });
  return {
    ...made,
    last: tested && { expected: tested.expected, actual: tested.actual },
  };
}

function midnights(from: Date, until: Date, timeZone: string): Date[] {
  const found: Date[] = [];
  for (let at = from; at < until; at = startOfNextDay(at, timeZone)) found.push(at);
  return found;
}

/** Of a day that has begun, what is left of it. */
function shareLeft(midnight: Date, now: Date, timeZone: string): Ratio {
  const end = startOfNextDay(midnight, timeZone).getTime();
  const left = end - Math.max(midnight.getTime(), now.getTime());
  return ratio(BigInt(left), BigInt(end - midnight.getTime()));
}
