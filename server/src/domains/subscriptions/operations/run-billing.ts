import type { Context } from '../../../platform/context.ts';
import { newId } from '../../../platform/ids.ts';
import { type BillingRun, completeRun, insertRun } from '../runs-store.ts';
import { listDue } from '../subscriptions-store.ts';
import { type Done, runSubscription } from './run-subscription.ts';
import { runTogether } from './run-together.ts';

/** Subscriptions that are looked up at a time, that share a transaction, and transactions at once. */
const lookUpMax = 1_000;
const batchMax = 400;
const workers = 2;

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
  const count = (done: Done) => {
    tally.renewed += done.renewed;
    tally.expired += done.expired;
    tally.dunned += done.dunned;
  };
  const failed = new Set<string>();
  for (;;) {
    const due = await listDue(context.database, { until, limit: lookUpMax + failed.size });
    const open = due.map(({ id }) => id).filter((id) => !failed.has(id));
    if (open.length === 0) break;
    await eachOf(batchesOf(open), async (ids) => {
      const { done, left } = await runTogether(context, ids);
      count(done);
      for (const id of left) {
        try {
          count(await runSubscription(context, id));
        } catch (error) {
          failed.add(id);
          context.log.error({ err: error, subscription: id }, 'billing failed; it is tried again');
        }
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

function batchesOf(ids: readonly string[]): string[][] {
  return Array.from({ length: Math.ceil(ids.length / batchMax) }, (_, index) =>
    ids.slice(index * batchMax, (index + 1) * batchMax),
  );
}

/** In order, several at once. */
async function eachOf<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = items.values();
  await Promise.all(
    Array.from({ length: workers }, async () => {
      for (const item of waiting) await work(item);
    }),
  );
}
