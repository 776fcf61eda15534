import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { type DunningStep, takenAfterChange } from '../core/dunning.ts';
import { moveDunning } from '../subscriptions-store.ts';

/**
 * The steps of dunning were changed: what was done about an overdue subscription stays done, and the next run looks what
 * the new steps ask for. Runs before the change is audited, so that locks are taken in the order of a run.
 */
export async function reconsiderDunning(
  context: Context,
  transaction: Transaction,
  { before, after }: { before: readonly DunningStep[]; after: readonly DunningStep[] },
): Promise<void> {
  const moves = Array.from({ length: before.length + 1 }, (_, taken) => ({
    from: taken,
    to: takenAfterChange(before, after, taken),
  }));
  await moveDunning(transaction, { moves, dueAt: context.clocks.business() });
}
