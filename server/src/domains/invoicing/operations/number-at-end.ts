import { beforeCommit, type Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { dayOf } from '../../../platform/time.ts';
import { formatNumber } from '../core/invoice.ts';
import { takeNumber } from '../store.ts';

export interface NumberedAt {
  prefix: string;
  issuedAt: Date;
  save(number: string): Promise<void>;
}

/**
 * Gives a document its number as the very last thing of its transaction. Whoever takes a number keeps everyone else
 * waiting until the commit: taken first, it would be held for all the work in between, and against the order of locks.
 */
export async function numberAtEnd(
  context: Context,
  transaction: Transaction,
  { prefix, issuedAt, save }: NumberedAt,
): Promise<void> {
  const year = Number(dayOf(issuedAt, context.config.timeZone).slice(0, 4));
  const assign = async () => {
    const sequence = await takeNumber(transaction, { prefix, year });
    await save(formatNumber(prefix, year, sequence));
  };
  // An ending that adds an ending runs behind all the others: behind the heads of the audit chains too.
  const isDeferred = beforeCommit(transaction, async () => {
    beforeCommit(transaction, assign);
  });
  if (!isDeferred) await assign();
}
