import type { Context } from '../../../platform/context.ts';
import { newId } from '../../../platform/ids.ts';
import { type BillingRun, completeRun, insertRun } from '../runs-store.ts';
import { listDue } from '../subscriptions-store.ts';
import { runSubscription } from './run-subscription.ts';

/** Subscriptions that are looked up at a time, and how many are worked on at once. */
const batchMax = 1_000;
const workers = 8;

/**
 * Does what fell due for all subscriptions, in the order in which it did: renewals, trials' ends, what is to be collected,
 * dunning. Any number of runs at once, killed anywhere, bill each period once; one that fails keeps none of the others
 * waiting, and the next run tries it again.
 */
export async function runBilling(context: Context): Promise<BillingRun | undefined> {
  const now = context.clocks.business();
  const first = await listDue(context.database, { until: now, limit: 1 });
  return first.length === 0 ? undefined : run(context, now);
}

/** As `runBilling`, also where nothing is due: an operator sees that it ran. */
export async function startBillingRun(context: Context): Promise<BillingRun> {
  return run(context, context.clocks.business());
}

async function run(context: Context, until: Date): Promise<BillingRun> {
  const started: BillingRun = {
    id: newId('run', until),
    status: 'running',
    due_until: until,
    ...{ renewed: 0, expired: 0, dunned: 0, failed: 0 },
    started_at: until,
    completed_at: null,
  };
  await insertRun(context.database, started);
  const tally = { renewed: 0, expired: 0, dunned: 0 };
  const failed = new Set<string>();
  for (;;) {
    const due = await listDue(context.database, { until, limit: batchMax + failed.size });
    const open = due.map(({ id }) => id).filter((id) => !failed.has(id));
    if (open.length === 0) break;
    await eachOf(open, async (id) => {
      try {
        const done = await runSubscription(context, id);
        tally.renewed += done.renewed;
        tally.expired += done.expired;
        tally.dunned += done.dunned;
      } catch (error) {
        failed.add(id);
        context.log.error({ err: error, subscription: id }, 'billing failed; it is tried again');
      }
    });
  }
  const completed: BillingRun = {
    ...{ ...started, ...tally, failed: failed.size },
    status: 'completed',
    completed_at: context.clocks.business(),
  };
  await completeRun(context.database, completed);
  return completed;
}

/** In order, several at once. */
async function eachOf(ids: readonly string[], work: (id: string) => Promise<void>): Promise<void> {
  const waiting = ids.values();
  await Promise.all(
    Array.from({ length: workers }, async () => {
      for (const id of waiting) await work(id);
    }),
  );
}
