import { type Context, inTransaction } from '../../../platform/context.ts';
import { type Kept, keptFrom, nextStep } from '../../../platform/kept-sums.ts';
import { findFirstSettlement, keepHours, lockKept, saveKept } from '../margins-store.ts';

/** Adds up what the calls of hours that are over were billed and cost, each hour once. */
export async function keepMargins(context: Context): Promise<void> {
  while (await keepNext(context));
}

async function keepNext(context: Context): Promise<boolean> {
  const { timeZone } = context.config;
  return inTransaction(context, async (transaction) => {
    const kept = (await lockKept(transaction)) ?? (await startOfCalls(context));
    const step = nextStep(kept, { now: context.clocks.business(), timeZone });
    if (!step) return false;
    await keepHours(transaction, step);
    await saveKept(transaction, { until: step.to, day: step.openDay });
    return true;
  });
}

async function startOfCalls({ database, config, clocks }: Context): Promise<Kept> {
  const first = (await findFirstSettlement(database)) ?? clocks.business();
  return keptFrom(first, config.timeZone);
}
