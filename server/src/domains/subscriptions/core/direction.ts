/** Whether a change of price goes up or down: by what a month costs, whatever the cycle. */
import { compare, divide, multiply, type Ratio, ratio } from '../../../platform/ratio.ts';
import type { Interval } from '../../../platform/time.ts';

export interface RecurringPrice {
  amount: Ratio;
  interval: Interval;
}

export type Direction = 'up' | 'down' | 'same';

export function directionOf(from: RecurringPrice, to: RecurringPrice): Direction {
  const order = compare(monthlyAmount(to), monthlyAmount(from));
  if (order === 0) return 'same';
  return order > 0 ? 'up' : 'down';
}

/** Months per interval; days and weeks by the mean month of 365.25 / 12 days. */
const monthsOf: Record<Interval['unit'], Ratio> = {
  day: ratio(16n, 487n),
  week: ratio(112n, 487n),
  month: ratio(1n),
  year: ratio(12n),
};

/** What a price comes to by the month, whatever the cycle. */
export function monthlyAmount({ amount, interval }: RecurringPrice): Ratio {
  const months = multiply(monthsOf[interval.unit], ratio(BigInt(interval.count)));
  return divide(amount, months);
}
