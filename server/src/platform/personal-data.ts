/**
 * What the domains keep about a person. Each offers its part from its door, `main.ts` collects them, and identity hands
 * them out and has them erased; a domain that keeps nothing about people offers nothing.
 */
import type { Context } from './context.ts';
import type { Executor, Transaction } from './database/pool.ts';
import type { Refusal } from './errors.ts';

export interface PersonalData {
  /** The domain's name, which its file in the export carries: `payments` → `payments.json`. */
  name: string;
  /**
   * Everything that is kept about the person, as plain JSON (instants as text, no bigint). What may be long is an async
   * iterable, whose items become a list in the file without being in memory at once.
   */
  export(context: Context, userId: string): Promise<unknown> | AsyncIterable<unknown>;
  /**
   * Removes it, or takes the person out of it where the record itself must stay: money, tax and the audit log. Runs in
   * the one transaction that deletes the account, before the person's own row loses its name.
   */
  erase(context: Context, transaction: Transaction, userId: string): Promise<void>;
  /** Why the account cannot be deleted now, such as an open subscription; told to the person as it is. */
  findObstacle?(context: Context, executor: Executor, userId: string): Promise<Refusal | undefined>;
}
