import type { AnswerOf } from '@sluice/contract/endpoint';
import type { getBillingSummary } from '@sluice/contract/reports';
import type { Context } from '../../../platform/context.ts';
import { formatMoney } from '../../../platform/money.ts';
import { type Ratio, ratio } from '../../../platform/ratio.ts';
import { dayOf, startOfDay, startOfMonth, startOfNextDay } from '../../../platform/time.ts';
import { backTest, forecast, sumUsage } from '../../metering/index.ts';

/** So many days before last month, so that its own forecast has them to look at. */
const daysBefore = 56;

/** What the usage of this month will come to, and how far last month's forecast was off. */
export async function forecastUsage(
  context: Context,
  { organizationId, timeZone }: { organizationId: string; timeZone: string },
): Promise<AnswerOf<typeof getBillingSummary>['forecast']> {
  const now = context.clocks.business();
  const today = startOfDay(now, timeZone);
  const month = startOfMonth(now, timeZone);
  const lastMonth = startOfMonth(now, timeZone, -1);
  const from = startOfNextDay(lastMonth, timeZone, -daysBefore);
  const amounts = await amountsByDay(context, {
    organizationId,
    timeZone,
    from,
    to: startOfNextDay(now, timeZone),
  });
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
  const currency = context.config.usageCurrency;
  const wire = (amount: bigint) => formatMoney({ amount, currency });
  return {
    currency,
    expected: wire(made.expected),
    low: wire(made.low),
    high: wire(made.high),
    last_period: tested ? { expected: wire(tested.expected), actual: wire(tested.actual) } : null,
  };
}

async function amountsByDay(
  context: Context,
  asked: { organizationId: string; timeZone: string; from: Date; to: Date },
): Promise<Map<string, bigint>> {
  const points = await sumUsage(context.database, { ...asked, interval: 'day', groups: [] });
  const amounts = new Map<string, bigint>();
  for (const { starts_at, amount } of points) {
    const day = dayOf(starts_at, asked.timeZone);
    amounts.set(day, (amounts.get(day) ?? 0n) + amount);
  }
  return amounts;
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
