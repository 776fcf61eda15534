/** What every operation is given: the platform, and who is acting. */
import { sql } from 'kysely';
import type { Config } from './config.ts';
import type { Sealer } from './crypto.ts';
import type { BulkDatabase } from './database/bulk.ts';
import type { Database, Transaction } from './database/pool.ts';
import type { Replica } from './database/replica.ts';
import { Refusal } from './errors.ts';
import type { Events } from './events.ts';
import { type Log, logOfRequest } from './log.ts';
import type { Notifications } from './notifications.ts';
import type { Clocks } from './time.ts';
import type { Tracing } from './tracing.ts';

/** Who acts, as the audit log will say it. */
export interface Actor {
  kind: 'user' | 'api_key' | 'application' | 'provider' | 'system';
  /** Id of the user or key (of an application, its key), or the provider's name; null for the system. */
  id: string | null;
  ip: string | null;
  userAgent: string | null;
  /** What a browser that was here before shows of itself; it proves nothing. */
  device?: string | undefined;
  /** The support session under which an operator acts in a customer's organization. */
  supportId?: string | undefined;
}

/** The parts of a running process that know no business. */
export interface Platform {
  config: Config;
  database: Database;
  bulk: BulkDatabase;
  /** For long reads that decide no money. */
  replica: Replica;
  clocks: Clocks;
  log: Log;
  events: Events;
  sealer: Sealer;
  notifications: Notifications;
  /** Where calls are traced. */
  tracing?: Tracing | undefined;
}

export interface Context extends Platform {
  actor: Actor;
  requestId: string;
  /** Set while an endpoint runs under an `Idempotency-Key`: the row that its first transaction marks. */
  idempotency?: { id: string; effect: boolean };
}

/** A context for work that no person asked for: jobs, start-up, the command line. */
export function systemContext(platform: Platform, requestId: string): Context {
  return {
    ...platform,
    log: logOfRequest(platform.log, requestId),
    actor: { kind: 'system', id: null, ip: null, userAgent: null },
    requestId,
  };
}

/** What each open transaction still does at its very end, in order. */
const endings = new WeakMap<Transaction, (() => Promise<void>)[]>();

/**
 * Puts work at the end of a transaction, behind every lock that it takes otherwise; what is locked there is locked
 * last, whoever asked for it first. Answers false for a transaction that `inTransaction` did not open.
 */
export function beforeCommit(transaction: Transaction, work: () => Promise<void>): boolean {
  const ending = endings.get(transaction);
  ending?.push(work);
  return ending !== undefined;
}

/**
 * Runs `work` in one transaction. Under an idempotency key the first transaction also marks that the request has had
 * its effect, so that a repeat after a crash can tell "nothing happened" from "the answer was lost".
 */
export async function inTransaction<T>(
  context: Context,
  work: (transaction: Transaction) => Promise<T>,
): Promise<T> {
  return context.database.transaction().execute(async (transaction) => {
    const end = expectEndings(transaction);
    const result = await work(transaction);
    const { idempotency } = context;
    if (idempotency && !idempotency.effect) {
      const marked = await sql`
        update platform_idempotency_keys
        set effect = true
        where id = ${idempotency.id} and not effect
      `.execute(transaction);
      if (marked.numAffectedRows !== 1n) {
        throw new Refusal(
          'idempotency_in_progress',
          'The same request is being answered: wait for it, then ask again.',
        );
      }
      idempotency.effect = true;
    }
    await end();
    return result;
  });
}

/**
 * Does `each` of many things side by side in one transaction, after `first`; all or nothing, and the results in the
 * order of the items. For jobs: what a person asked for has a transaction of its own.
 */
export async function inBulk<T, R>(
  context: Context,
  items: readonly T[],
  work: {
    /** Takes the locks of all of them, in an order that others keep too. */
    first: (transaction: Transaction) => Promise<void>;
    each: (transaction: Transaction, item: T) => Promise<R>;
  },
): Promise<R[]> {
  return context.bulk.transaction(async (transaction) => {
    const end = expectEndings(transaction);
    await work.first(transaction);
    const settled = await Promise.allSettled(items.map((item) => work.each(transaction, item)));
    const results = settled.map((one) => {
      if (one.status === 'rejected') throw one.reason;
      return one.value;
    });
    await end();
    return results;
  });
}

function expectEndings(transaction: Transaction): () => Promise<void> {
  const ending: (() => Promise<void>)[] = [];
  endings.set(transaction, ending);
  return async () => {
    // An ending may add another, which runs too.
    for (const end of ending) await end();
  };
}
