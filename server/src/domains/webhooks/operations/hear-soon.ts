import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import type { Happening } from '../../../platform/happenings.ts';
import { enqueueJob } from '../../jobs/index.ts';
import { hasEndpoints } from '../store/endpoints.ts';

export const hearJobName = 'webhooks.hear';

/**
 * News is told every minute; where somebody has endpoints it is told right behind the commit. No key: transactions that
 * happen to announce something at once would wait for each other.
 */
export async function hearSoon(
  _context: Context,
  transaction: Transaction,
  { organizationId }: Happening,
): Promise<void> {
  if (await hasEndpoints(transaction, organizationId)) {
    await enqueueJob(transaction, hearJobName, {});
  }
}
