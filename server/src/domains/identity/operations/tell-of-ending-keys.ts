import { type Context, inTransaction } from '../../../platform/context.ts';
import { announceHappening } from '../../../platform/happenings.ts';
import {
  type EndingKey,
  findEndingKeys,
  findNextKeyEnding,
  markKeyEndTold,
} from '../store/ending-keys.ts';

/** Time enough to put another key into what uses it. */
const daysAhead = 7;
const keysPerRunMax = 10_000;

/** Tells of API keys that expire within days, once for each end; answers how many. */
export async function tellOfEndingKeys(context: Context): Promise<number> {
  const now = context.clocks.business();
  const ahead = { now, days: daysAhead, limit: keysPerRunMax };
  let told = 0;
  for (const key of await findEndingKeys(context.database, ahead)) {
    if (await tellOne(context, key)) told += 1;
  }
  return told;
}

async function tellOne(context: Context, key: EndingKey): Promise<boolean> {
  return inTransaction(context, async (transaction) => {
    if (!(await markKeyEndTold(transaction, key))) return false;
    const { id, organizationId, name, expiresAt } = key;
    await announceHappening(context, transaction, 'api_key.expiring', {
      organizationId,
      data: { api_key: id, name, expires_at: expiresAt.toISOString() },
    });
    return true;
  });
}

export function nextKeyEnding({ database, clocks }: Context): Promise<Date | undefined> {
  return findNextKeyEnding(database, { now: clocks.business(), days: daysAhead });
}
