import type { AnswerOf } from '@sluice/contract/endpoint';
import type { getBillingSummary } from '@sluice/contract/reports';
import type { Context } from '../../../platform/context.ts';
import { formatMoney } from '../../../platform/money.ts';
import { dayOf } from '../../../platform/time.ts';
import { forecastMonth, forecastSpan, sumUsage } from '../../metering/index.ts';

/** What the usage of this month will come to, and how far last month's forecast was off. */
export async function forecastUsage(
  context: Context,
  { organizationId, timeZone }: { organizationId: string; timeZone: string },
): Promise<AnswerOf<typeof getBillingSummary>['forecast']> {
  const now = context.clocks.business();
  const amounts = await amountsByDay(context, {
    organizationId,
    timeZone,
    ...forecastSpan(now, timeZone),
  });
  const { expected, low, high, last } = forecastMonth(amounts, now, timeZone);
  const currency = context.config.usageCurrency;
  const wire = (amount: bigint) => formatMoney({ amount, currency });
  return {
    currency,
    expected: wire(expected),
    low: wire(low),
    high: wire(high),
    last_period: last ? { expected: wire(last.expected), actual: wire(last.actual) } : null,
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
