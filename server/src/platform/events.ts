/**
 * How news travels upwards. A *reaction* runs in the emitter's own transaction; *news* is a row in the outbox, told
 * after the commit, at least once. Both are wired in `main.ts`; a domain only announces.
 */
import { sql } from 'kysely';
import type { Context } from './context.ts';
import type { Database, Transaction } from './database/pool.ts';
import { newId } from './ids.ts';

/** A past fact, such as `invoice.paid`; its payload is JSON without bigints, for it may be stored. */
export interface EventType<Payload> {
  readonly name: string;
  /** Never set: it carries the payload's type. */
  readonly payload?: Payload;
}

/** Declares an event; the name is `noun.past_participle`. */
export function defineEvent<Payload extends object>(name: string): EventType<Payload> {
  return { name };
}

export type Reaction<Payload> = (
  context: Context,
  transaction: Transaction,
  payload: Payload,
) => Promise<void>;
export type NewsListener<Payload> = (
  context: Context,
  payload: Payload,
  newsId: string,
) => Promise<void>;

/** One listener as a domain offers it; the payload's type is checked where it is made. */
export interface Listener {
  readonly kind: 'reaction' | 'news';
  readonly event: string;
  readonly run: (
    context: Context,
    transaction: Transaction | undefined,
    payload: never,
    newsId: string,
  ) => Promise<void>;
}

/** Runs inside the transaction that announces the event: it must be quick, and its failure undoes everything. */
export function reaction<P extends object>(event: EventType<P>, run: Reaction<P>): Listener {
  return {
    kind: 'reaction',
    event: event.name,
    run: async (context, transaction, payload: P) => {
      if (transaction) await run(context, transaction, payload);
    },
  };
}

/** Runs after the commit, at least once; it must bear repetition (`newsId` is the same on every try). */
export function news<P extends object>(event: EventType<P>, run: NewsListener<P>): Listener {
  return {
    kind: 'news',
    event: event.name,
    run: (context, _transaction, payload: P, newsId) => run(context, payload, newsId),
  };
}

export interface Events {
  /** Runs the event's reactions in the transaction and puts it into the outbox where news is listened to. */
  announce<P extends object>(
    context: Context,
    transaction: Transaction,
    event: EventType<P>,
    payload: P,
  ): Promise<void>;
  /** Tells up to `limit` events of the outbox; answers how many were told. Each is removed once all listeners heard it. */
  tellNews(context: Context, limit?: number): Promise<number>;
}

/** Wires listeners; reactions run in the order given. */
export function createEvents(listeners: readonly Listener[]): Events {
  const reactions = groupByEvent(listeners.filter((listener) => listener.kind === 'reaction'));
  const newsListeners = groupByEvent(listeners.filter((listener) => listener.kind === 'news'));
  return {
    async announce(context, transaction, event, payload) {
      for (const listener of reactions.get(event.name) ?? []) {
        await listener.run(context, transaction, payload as never, '');
      }
      if (!newsListeners.has(event.name)) return;
      const id = newId('evt', context.clocks.wall());
      await sql`
        insert into platform_outbox (id, event, payload, created_at, due_at)
        values (${id}, ${event.name}, ${JSON.stringify(payload)}, ${context.clocks.wall()}, ${context.clocks.wall()})
      `.execute(transaction);
    },
    async tellNews(context, limit = 100) {
      let told = 0;
      while (told < limit && (await tellOne(context, newsListeners))) told += 1;
      return told;
    },
  };
}

const unheardMs = 7 * 24 * 3_600_000;

interface OutboxRow {
  id: string;
  event: string;
  payload: object;
  attempts: number;
}

/**
 * The row stays locked while its listeners run, so a crash leaves it for the next process. What nobody listens to here is
 * left for a process of another version, and goes unheard after a week.
 */
async function tellOne(context: Context, listeners: Map<string, Listener[]>): Promise<boolean> {
  const database: Database = context.database;
  const forgottenAt = new Date(context.clocks.wall().getTime() - unheardMs);
  return database.transaction().execute(async (transaction) => {
    const { rows } = await sql<OutboxRow>`
      select id, event, payload, attempts
      from platform_outbox
      where due_at <= ${context.clocks.wall()}
        and (event = any (${[...listeners.keys()]}::text[]) or created_at < ${forgottenAt})
      order by due_at, id
      limit 1
      for update skip locked
    `.execute(transaction);
    const row = rows[0];
    if (!row) return false;
    try {
      for (const listener of listeners.get(row.event) ?? []) {
        await listener.run(context, undefined, row.payload as never, row.id);
      }
      await sql`delete from platform_outbox where id = ${row.id}`.execute(transaction);
    } catch (error) {
      context.log.error(
        { err: error, event: row.event, news: row.id },
        'news was not heard; it will be told again',
      );
      await postpone(context, transaction, row);
    }
    return true;
  });
}

const retryDelayMaxMs = 3_600_000;

async function postpone(context: Context, transaction: Transaction, row: OutboxRow): Promise<void> {
  const delayMs = Math.min(1000 * 2 ** Math.min(row.attempts, 20), retryDelayMaxMs);
  const due = new Date(context.clocks.wall().getTime() + delayMs);
  await sql`
    update platform_outbox
    set attempts = attempts + 1, due_at = ${due}
    where id = ${row.id}
  `.execute(transaction);
}

function groupByEvent(listeners: readonly Listener[]): Map<string, Listener[]> {
  const groups = new Map<string, Listener[]>();
  for (const listener of listeners) {
    groups.set(listener.event, [...(groups.get(listener.event) ?? []), listener]);
  }
  return groups;
}
