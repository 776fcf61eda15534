import { type Context, inTransaction } from '../../../platform/context.ts';
import { startOfDay, startOfNextDay } from '../../../platform/time.ts';
import {
  areDaysProven,
  type Days,
  findFirstTransferAt,
  keepDays,
  lockKept,
  saveKept,
} from '../sums-store.ts';

/** A transaction that books for a day is over by then. */
const graceMs = 10 * 60_000;
const daysAtOnce = 31;

/**
 * Adds up the days that are over and were not yet, each once, and proves them from their transfers.
 * @returns up to which instant days are kept.
 */
export async function keepSums(context: Context): Promise<Date> {
  for (;;) {
    const days = await keepNext(context);
    if (days.from.getTime() === days.to.getTime()) return days.to;
    if (!(await areDaysProven(context.database, days))) {
      context.log.error({ ...days }, 'what is kept of days is not what their transfers come to');
    }
  }
}

/** The next days that are over; none, where both bounds are one instant. */
async function keepNext(context: Context): Promise<Days> {
  const { timeZone } = context.config;
  const over = startOfDay(new Date(context.clocks.business().getTime() - graceMs), timeZone);
  return inTransaction(context, async (transaction) => {
    const kept = await lockKept(transaction);
    const from = kept ?? (await startOfBooks(context));
    const month = startOfNextDay(from, timeZone, daysAtOnce);
    const to = month < over ? month : over;
    if (to <= from) return { from, to: from, timeZone };
    await keepDays(transaction, { from, to, timeZone });
    await saveKept(transaction, to);
    return { from, to, timeZone };
  });
}

async function startOfBooks({ database, config, clocks }: Context): Promise<Date> {
  const first = (await findFirstTransferAt(database)) ?? clocks.business();
  return startOfDay(first, config.timeZone);
}
