/**
 * Which share of a period's price a part of it costs. The rule is the plan's: to the second (the default), by whole days
 * of the zone with the first and the last one counted, by months of thirty days, or not at all.
 */
import {
  divide,
  multiply,
  negate,
  one,
  type Ratio,
  ratio,
  subtract,
} from '../../../platform/ratio.ts';
import { daysBetween, thirtyDayMonthsBetween } from '../../../platform/time.ts';
import type { Period } from './period.ts';

export type ProrationRule = 'second' | 'day' | 'thirty_days' | 'none';

export interface Proration {
  rule: ProrationRule;
  timeZone: string;
}

/** The share of `period` that `part`, which lies in it, is. */
export function shareOf(part: Period, period: Period, { rule, timeZone }: Proration): Ratio {
  if (rule === 'none') return one;
  if (rule === 'second') return ratio(millisecondsOf(part), millisecondsOf(period));
  if (rule === 'thirty_days') {
    return ratio(BigInt(thirtyDayMonthsBetween(part.from, part.to, timeZone)), 30n);
  }
  return ratio(daysTouched(part, timeZone), daysTouched(period, timeZone));
}

/**
 * What a change of price in the middle of a period costs: the old price back and the new one charged for the rest. By
 * days, the day of the change is the new price's.
 */
export interface Change {
  /** Not positive. */
  credit: Ratio;
  charge: Ratio;
}

/** The change at an instant, where both prices are for the same period and the old one is paid. */
export function changeOfPrice(
  prices: { from: Ratio; to: Ratio },
  at: Date,
  period: Period,
  proration: Proration,
): Change {
  const rest = { from: at, to: period.to };
  const share = shareOf(rest, period, proration);
  return { credit: negate(multiply(prices.from, share)), charge: multiply(prices.to, share) };
}

/** The share that is given back when a period ends early. By days, the day of the end is used up. */
export function unusedShare(at: Date, period: Period, proration: Proration): Ratio {
  if (proration.rule === 'none') return ratio(0n);
  if (proration.rule !== 'day') return shareOf({ from: at, to: period.to }, period, proration);
  return subtract(one, shareOf({ from: period.from, to: nextMillisecond(at) }, period, proration));
}

/** How long what is left of the old price lasts at the new one, in days of the new price, begun ones in full. */
export function daysBoughtBy(value: Ratio, price: Ratio, periodDays: number): Ratio {
  return divide(value, divide(price, ratio(BigInt(periodDays))));
}

function millisecondsOf({ from, to }: Period): bigint {
  return BigInt(to.getTime() - from.getTime());
}

/** Calendar days of the zone that a part has an instant of. */
function daysTouched({ from, to }: Period, timeZone: string): bigint {
  const last = new Date(to.getTime() - 1);
  return BigInt(daysBetween(from, last, timeZone) + 1);
}

function nextMillisecond(at: Date): Date {
  return new Date(at.getTime() + 1);
}
