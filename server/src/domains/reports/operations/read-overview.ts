import type { AnswerOf } from '@sluice/contract/endpoint';
import type { getOverview } from '@sluice/contract/reports';
import type { Context } from '../../../platform/context.ts';
import { formatMinor, formatMoney } from '../../../platform/money.ts';
import { startOfDay, startOfNextDay } from '../../../platform/time.ts';
import { countPeople } from '../../identity/index.ts';
import { sumUsage } from '../../metering/index.ts';
import { countUnapplied, sumReceived } from '../../payments/index.ts';
import { countActivePackages } from '../../subscriptions/index.ts';
import { presentUsage } from '../core/present.ts';

const days = 14;

/** The last 14 days of the whole deployment, in its own time zone, today included. */
export async function readOverview(context: Context): Promise<AnswerOf<typeof getOverview>> {
  const { database, config } = context;
  const { timeZone, usageCurrency: currency } = config;
  const now = context.clocks.business();
  const span = {
    from: startOfNextDay(startOfDay(now, timeZone), timeZone, 1 - days),
    to: startOfNextDay(now, timeZone),
  };
  const [usage, received, people, activePackages, unapplied] = await Promise.all([
    sumUsage(database, {
      organizationId: undefined,
      ...span,
      interval: 'day',
      timeZone,
      groups: [],
    }),
    sumReceived(database, span.from, span.to),
    countPeople(database),
    countActivePackages(database, now),
    countUnapplied(database),
  ]);
  return {
    usage: presentUsage(usage, span, currency),
    received: received.map((total) => ({
      currency: total.currency,
      amount: formatMinor(total),
      payments: Number(total.payments),
    })),
    organizations: Number(people.organizations),
    users: Number(people.users),
    active_packages: Number(activePackages),
    unapplied: Number(unapplied),
    days: usage.map((day) => ({
      from: day.starts_at.toISOString(),
      calls: Number(day.calls),
      amount: formatMoney({ amount: day.amount, currency }),
    })),
  };
}
