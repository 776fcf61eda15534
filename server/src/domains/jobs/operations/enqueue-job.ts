import type { Transaction } from '../../../platform/database/pool.ts';
import { addJob } from '../store.ts';

export interface EnqueueOptions {
  /** Wall time; at once when left out. */
  runAt?: Date;
  /** At most one waiting job has the key; a later one replaces it. */
  key?: string;
  /** Tries, where there are to be fewer than 25. */
  attemptsMax?: number;
}

/** Puts a job into the queue: it runs once the transaction has committed, and never where it has not. */
export async function enqueueJob(
  transaction: Transaction,
  name: string,
  payload: unknown,
  { runAt, key, attemptsMax }: EnqueueOptions = {},
): Promise<void> {
  await addJob(transaction, { name, payload, runAt, key, attemptsMax });
}
