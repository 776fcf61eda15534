/** Where reports read: one snapshot of all domains, on a replica where there is one, and never for long. */
import type { Context } from '../../platform/context.ts';
import type { Executor } from '../../platform/database/pool.ts';
import { limitStatements } from '../../platform/database/replica.ts';

/** A report that takes longer is stopped: its snapshot holds back the clean-up of the hot tables. */
const timeoutMs = 20_000;

export async function readTogether<T>(
  context: Context,
  work: (executor: Executor) => Promise<T>,
): Promise<T> {
  return context.replica.read(async (transaction) => {
    await limitStatements(transaction, timeoutMs);
    return work(transaction);
  });
}
