import type { Context } from '../../../platform/context.ts';
import { Refusal } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import {
  isHeldBack,
  type Resumable,
  type RunningOperation,
  runOperation,
  takeUpGone,
} from '../../jobs/index.ts';
import { type BillingRun, findRun, insertRun, saveRun } from '../runs-store.ts';
import { countDue, listDue } from '../subscriptions-store.ts';
import { type Done, runSubscription } from './run-subscription.ts';
import { runTogether } from './run-together.ts';

/** Subscriptions that are looked up at a time, and transactions at once. */
const lookUpMax = 1_000;
const workers = 2;

export interface BillingLimits {
  /** Subscriptions that share a transaction: a run stops behind them. */
  batchMax: number;
}

const usual: BillingLimits = { batchMax: 400 };

const kind = 'subscriptions.billing_run';

/** Goes on with a run that was stopped or died: up to the same instant, under the same id. */
export const billingRuns: Resumable = {
  kind,
  async resume(context, { key }) {
    const found = await findRun(context.database, key);
    if (!found || found.status === 'completed') return;
    const going: BillingRun = { ...found, status: 'running', failed: 0 };
    await run(context, going, { keep: () => saveRun(context.database, going), limits: usual });
  },
};

/**
 * Does what fell due for all subscriptions, in the order in which it did: renewals, trials' ends, what is to be collected,
 * dunning. Any number of runs at once, killed anywhere, bill each period once; one that fails keeps none of the others
 * waiting, and the next run tries it again. While one is stopped, none begins.
 */
export async function runBilling(
  context: Context,
  limits = usual,
): Promise<BillingRun | undefined> {
  await takeUpGone(context, billingRuns);
  const now = context.clocks.business();
  const first = await listDue(context.database, { until: now, limit: 1 });
  if (first.length === 0 || (await isHeldBack(context, kind))) return undefined;
  return begin(context, now, limits);
}

/**
 * As `runBilling`, also where nothing is due: an operator sees that it ran.
 * @throws Refusal `invalid_state` while one is stopped.
 */
export async function startBillingRun(context: Context): Promise<BillingRun> {
  if (await isHeldBack(context, kind)) {
    throw new Refusal('invalid_state', 'A billing run was stopped: resume that one first.');
  }
  return begin(context, context.clocks.business());
}

async function begin(context: Context, until: Date, limits = usual): Promise<BillingRun> {
  const started: BillingRun = {
    id: newId('run', until),
    status: 'running',
    due_until: until,
    ...{ renewed: 0, expired: 0, dunned: 0, failed: 0 },
    started_at: until,
    completed_at: null,
  };
  return run(context, started, { keep: () => insertRun(context.database, started), limits });
}

async function run(
  context: Context,
  started: BillingRun,
  { keep, limits }: { keep: () => Promise<void>; limits: BillingLimits },
): Promise<BillingRun> {
  const { id, due_until: until } = started;
  const total = await countDue(context.database, until);
  const begun = { kind, key: id, title: until.toISOString(), input: {}, goesOn: true, total };
  return runOperation(context, begun, async (operation) => {
    await keep();
    const { tally, failed } = await billAll(context, { until, total, operation, limits });
    const isStopped = operation.isStopping;
    const ended: BillingRun = {
      ...started,
      renewed: started.renewed + tally.renewed,
      expired: started.expired + tally.expired,
      dunned: started.dunned + tally.dunned,
      failed: failed.size,
      status: isStopped ? 'stopped' : 'completed',
      completed_at: isStopped ? null : context.clocks.business(),
    };
    if (!operation.isLost) await saveRun(context.database, ended);
    return ended;
  });
}

async function billAll(
  context: Context,
  {
    until,
    total,
    operation,
    limits,
  }: { until: Date; total: number; operation: RunningOperation; limits: BillingLimits },
): Promise<{ tally: Done; failed: ReadonlySet<string> }> {
  const tally: Done = { renewed: 0, expired: 0, dunned: 0 };
  const count = (done: Done) => {
    tally.renewed += done.renewed;
    tally.expired += done.expired;
    tally.dunned += done.dunned;
  };
  const failed = new Set<string>();
  let billed = 0;
  while (!operation.isStopping) {
    const due = await listDue(context.database, { until, limit: lookUpMax + failed.size });
    const open = due.map(({ id }) => id).filter((id) => !failed.has(id));
    if (open.length === 0) break;
    await eachOf(batchesOf(open, limits), async (ids) => {
      if (operation.isStopping) return;
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
      billed += ids.length;
      // What a run does may make something else due, so it can end up with more than it began with.
      const known = Math.max(total, billed);
      await operation.advance({ done: operation.before + billed, total: operation.before + known });
    });
  }
  return { tally, failed };
}

function batchesOf(ids: readonly string[], { batchMax }: BillingLimits): string[][] {
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
