import type { Transaction } from '../../../platform/database/pool.ts';
import { enqueueJob } from '../../jobs/index.ts';

export const wakeJobName = 'webhooks.send';

/** Has what is due sent after the commit, or at a time; of those who ask for now one waits. */
export async function wakeSender(
  transaction: Transaction,
  later?: { runAt: Date; key: string },
): Promise<void> {
  if (later === undefined) {
    await enqueueJob(transaction, wakeJobName, {}, { key: wakeJobName });
  } else {
    await enqueueJob(
      transaction,
      wakeJobName,
      {},
      { runAt: later.runAt, key: `${wakeJobName}:${later.key}` },
    );
  }
}
