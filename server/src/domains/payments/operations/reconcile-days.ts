import { Temporal } from 'temporal-polyfill';
import type { Context } from '../../../platform/context.ts';
import { newId } from '../../../platform/ids.ts';
import { dayOf } from '../../../platform/time.ts';
import { providers } from '../providers/index.ts';
import {
  findLastDay,
  listDueReconciliations,
  openReconciliation,
} from '../reconciliation-store.ts';
import { loadProvider } from './load-provider.ts';
import { reconcile } from './reconcile.ts';

/** Days that are made up for after nothing ran. */
const daysBackMax = 31;
const runsAtOnceMax = 50;

/**
 * Opens the days that are over by each provider's own calendar, and runs what is due: new days, statements that were not
 * there, runs that died. Answers how many were run.
 */
export async function reconcileDays(context: Context): Promise<number> {
  for (const { id, capabilities, calendar = 'UTC' } of providers) {
    if (capabilities.statements) await openDays(context, id, calendar);
  }
  const now = context.clocks.business();
  const due = await listDueReconciliations(context.database, now, runsAtOnceMax);
  // A provider that answers slowly holds up no other; each one's days go in order.
  const queues = [...Map.groupBy(due, ({ provider }) => provider).values()];
  const runs = await Promise.all(queues.map((days) => runInOrder(context, days)));
  return runs.reduce((sum, count) => sum + count, 0);
}

async function runInOrder(
  context: Context,
  days: readonly { id: string; runs: number }[],
): Promise<number> {
  let runs = 0;
  for (const { id, runs: afterRuns } of days) {
    if (await reconcile(context, { id, afterRuns })) runs += 1;
  }
  return runs;
}

async function openDays(context: Context, provider: string, calendar: string): Promise<void> {
  const loaded = await loadProvider(context, context.database, provider);
  const connection = loaded?.connection;
  if (!connection?.statement) return;
  const { merchant } = connection;
  const last = await findLastDay(context.database, { provider, merchant });
  // One that was never used owes nothing.
  if (last === undefined && !loaded?.enabled) return;
  const now = context.clocks.business();
  const yesterday = Temporal.PlainDate.from(dayOf(now, calendar)).subtract({ days: 1 });
  const earliest = yesterday.subtract({ days: daysBackMax - 1 });
  const next = last === undefined ? yesterday : Temporal.PlainDate.from(last).add({ days: 1 });
  let day = Temporal.PlainDate.compare(next, earliest) < 0 ? earliest : next;
  while (Temporal.PlainDate.compare(day, yesterday) <= 0) {
    const date = day.toString();
    await openReconciliation(context.database, {
      ...{ id: newId('rec', now), provider, merchant, date, at: now },
    });
    day = day.add({ days: 1 });
  }
}
