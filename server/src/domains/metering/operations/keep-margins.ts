import { type Context, inTransaction } from '../../../platform/context.ts';
import { startOfDay, startOfNextDay } from '../../../platform/time.ts';
import { findFirstSettlement, keepDays, lockKept, saveKept } from '../margins-store.ts';

/** A transaction that settles within a day is over by then. */
const graceMs = 10 * 60_000;
const daysAtOnce = 31;

/** Adds up what the calls of days that are over were billed and cost, each day once. */
export async function keepMargins(context: Context): Promise<void> {
  while (await keepNext(context));
}

async function keepNext(context: Context): Promise<boolean> {
  const { timeZone } = context.config;
  const over = startOfDay(new Date(context.clocks.business().getTime() - graceMs), timeZone);
  return inTransaction(context, async (transaction) => {
    const from = (await lockKept(transaction)) ?? (await startOfCalls(context));
    const month = startOfNextDay(from, timeZone, daysAtOnce);
    const to = month < over ? month : over;
    if (to <= from) return false;
    await keepDays(transaction, { from, to, timeZone });
    await saveKept(transaction, to);
    return true;
  });
}

async function startOfCalls({ database, config, clocks }: Context): Promise<Date> {
  const first = (await findFirstSettlement(database)) ?? clocks.business();
  return startOfDay(first, config.timeZone);
}
