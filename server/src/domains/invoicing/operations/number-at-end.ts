import { beforeCommit, type Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { dayOf } from '../../../platform/time.ts';
import { formatNumber } from '../core/invoice.ts';
import { takeNumbers } from '../store.ts';

export interface NumberedAt {
  prefix: string;
  issuedAt: Date;
  save(number: string): Promise<void>;
}

/** Documents that wait for the end of their transaction. */
const waiting = new WeakMap<Transaction, NumberedAt[]>();

/**
 * Gives a document its number as the very last thing of its transaction. Whoever takes a number keeps everyone else
 * waiting until the commit: taken first, it would be held for all the work in between, and against the order of locks.
 */
export async function numberAtEnd(
  context: Context,
  transaction: Transaction,
  document: NumberedAt,
): Promise<void> {
  const collected = waiting.get(transaction);
  if (collected) {
    collected.push(document);
    return;
  }
  const documents = [document];
  const number = () => assignNumbers(context, transaction, documents);
  // An ending that adds an ending runs behind all the others: behind the heads of the audit chains too.
  const isDeferred = beforeCommit(transaction, async () => {
    beforeCommit(transaction, number);
  });
  if (isDeferred) waiting.set(transaction, documents);
  else await number();
}

/** In the order in which they were made; sequences in the order of their names. */
async function assignNumbers(
  context: Context,
  transaction: Transaction,
  documents: readonly NumberedAt[],
): Promise<void> {
  const yearOf = ({ issuedAt }: NumberedAt) => dayOf(issuedAt, context.config.timeZone).slice(0, 4);
  const sequences = Map.groupBy(documents, (document) => `${yearOf(document)} ${document.prefix}`);
  for (const name of [...sequences.keys()].sort()) {
    const [year, prefix] = [Number(name.slice(0, 4)), name.slice(5)];
    const members = sequences.get(name) ?? [];
    const last = await takeNumbers(transaction, { prefix, year, count: members.length });
    const first = last - BigInt(members.length) + 1n;
    await Promise.all(
      members.map(({ save }, index) => save(formatNumber(prefix, year, first + BigInt(index)))),
    );
  }
}
