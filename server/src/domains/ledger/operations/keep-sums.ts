import { type Context, inTransaction } from '../../../platform/context.ts';
import { type Kept, type KeptStep, keptFrom, nextStep } from '../../../platform/kept-sums.ts';
import {
  areDaysProven,
  findFirstTransferAt,
  keepHours,
  lockKept,
  saveKept,
} from '../sums-store.ts';

/**
 * Adds up the hours that are over and were not yet, each once, and proves the days that are over from their transfers.
 * @returns up to which instant sums are kept.
 */
export async function keepSums(context: Context): Promise<Date> {
  for (;;) {
    const { kept, step } = await keepNext(context);
    if (!step) return kept.until;
    await prove(context, step);
  }
}

/** The next hours that are over; no step, where there are none. */
async function keepNext(context: Context): Promise<{ kept: Kept; step: KeptStep | undefined }> {
  const { timeZone } = context.config;
  return inTransaction(context, async (transaction) => {
    const kept = (await lockKept(transaction)) ?? (await startOfBooks(context));
    const step = nextStep(kept, { now: context.clocks.business(), timeZone });
    if (!step) return { kept, step };
    await keepHours(transaction, step);
    const next = { until: step.to, day: step.openDay };
    await saveKept(transaction, next);
    return { kept: next, step };
  });
}

async function prove(context: Context, { firstDay, openDay, timeZone }: KeptStep): Promise<void> {
  const days = { from: firstDay, to: openDay, timeZone };
  if (firstDay.getTime() === openDay.getTime()) return;
  if (await areDaysProven(context.database, days)) return;
  context.log.error(days, 'what is kept of days is not what their transfers come to');
}

async function startOfBooks({ database, config, clocks }: Context): Promise<Kept> {
  const first = (await findFirstTransferAt(database)) ?? clocks.business();
  return keptFrom(first, config.timeZone);
}
