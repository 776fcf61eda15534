import { type Context, inTransaction } from '../../../platform/context.ts';
import { announceHappening } from '../../../platform/happenings.ts';
import { handleEach } from '../../invoicing/index.ts';
import { findEndingIds, findNextEnding, markEndingTold } from '../endings-store.ts';

/** A working day and a weekend: time enough to buy another. */
const daysAhead = 3;
const packagesPerRunMax = 10_000;

/** Tells of packages that end within days, once each; answers how many. */
export async function tellOfEndings(context: Context): Promise<number> {
  const now = context.clocks.business();
  const ahead = { now, days: daysAhead, limit: packagesPerRunMax };
  const ending = await findEndingIds(context.database, ahead);
  return handleEach(context, ending, (id) => tellOne(context, id));
}

async function tellOne(context: Context, id: string): Promise<boolean> {
  return inTransaction(context, async (transaction) => {
    const ending = await markEndingTold(transaction, { id, at: context.clocks.business() });
    if (!ending) return false;
    const { organizationId, name, endsAt } = ending;
    await announceHappening(context, transaction, 'package.ending', {
      organizationId,
      data: { package: id, name, ends_at: endsAt.toISOString() },
    });
    return true;
  });
}

export function nextEnding({ database, clocks }: Context): Promise<Date | undefined> {
  return findNextEnding(database, { now: clocks.business(), days: daysAhead });
}
