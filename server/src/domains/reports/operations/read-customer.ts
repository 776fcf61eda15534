/** What an operator sees of a customer beside the customer's own summary. */
import type { AnswerOf } from '@sluice/contract/endpoint';
import type { inspectOrganization } from '@sluice/contract/reports';
import type { Context } from '../../../platform/context.ts';
import { formatMinor } from '../../../platform/money.ts';
import { startOfDay, startOfNextDay } from '../../../platform/time.ts';
import { dueOf, listInvoiceRows } from '../../invoicing/index.ts';
import { sumUsage } from '../../metering/index.ts';
import { presentUsage } from '../core/present.ts';

type Customer = AnswerOf<typeof inspectOrganization>;

/** Who has more open invoices than that has another problem than their sum. */
const openMax = 200;
const days = 30;

/** What the open invoices come to, by currency. */
export async function readOwed(
  { database, clocks }: Context,
  organizationId: string,
): Promise<Customer['owed']> {
  const now = clocks.business();
  const open = await listInvoiceRows(database, { organizationId, status: 'open', limit: openMax });
  const byCurrency = Map.groupBy(open, (invoice) => invoice.total.currency);
  return [...byCurrency].map(([currency, invoices]) => ({
    currency,
    amount: formatMinor({
      minor: invoices.reduce((sum, invoice) => sum + dueOf(invoice).minor, 0n),
      currency,
    }),
    invoices: invoices.length,
    overdue: invoices.filter(({ dueAt }) => dueAt !== null && dueAt <= now).length,
  }));
}

/** Usage of the last 30 days, today included, in the organization's zone. */
export async function readLastDays(
  { database, config }: Context,
  { organizationId, timeZone, now }: { organizationId: string; timeZone: string; now: Date },
): Promise<Customer['last_30_days']> {
  const span = {
    from: startOfNextDay(startOfDay(now, timeZone), timeZone, 1 - days),
    to: startOfNextDay(now, timeZone),
  };
  const asked = { organizationId, ...span, interval: 'day', timeZone, groups: [] } as const;
  return presentUsage(
    await sumUsage(database, { ...asked, groups: [] }),
    span,
    config.usageCurrency,
  );
}
