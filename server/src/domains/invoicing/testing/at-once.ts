/** Several who pay one invoice at the same moment, for tests. */
import type { TestDatabase } from '../../../platform/testkit/database.ts';
import { untilWaiting } from '../../../platform/testkit/lock-waits.ts';
import { lockInvoice } from '../store.ts';

/** All of them have seen what is open before the first of them opens anything; the first to come is the first to open. */
export async function atOnce<const T extends readonly (() => Promise<unknown>)[]>(
  db: TestDatabase,
  invoiceId: string,
  asked: T,
): Promise<{ [K in keyof T]: PromiseSettledResult<Awaited<ReturnType<T[K]>>> }> {
  const { answers } = await db.database.transaction().execute(async (transaction) => {
    await lockInvoice(transaction, invoiceId);
    const begun: Promise<unknown>[] = [];
    for (const ask of asked) {
      begun.push(ask());
      await untilWaiting(db, begun.length);
    }
    return { answers: Promise.allSettled(begun) };
  });
  return (await answers) as never;
}
