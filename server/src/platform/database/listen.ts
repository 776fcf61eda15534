/**
 * News between processes through PostgreSQL's `listen` and `notify`. What is sent while a connection is down is lost,
 * so a listener that caches must drop its cache in `onReconnect`.
 */
import { sql } from 'kysely';
import pg from 'pg';
import type { Executor } from './pool.ts';

export interface ListenOptions {
  /** A direct connection: through pgbouncer in transaction mode nothing would arrive. */
  url: string;
  channels: readonly string[];
  onNotify: (channel: string, payload: string) => void;
  /** Called after each gap, once listening again. */
  onReconnect?: () => void;
  onConnectionError?: (error: Error) => void;
}

const retryMinMs = 100;
const retryMaxMs = 5000;

/** Listens until `close`; resolves once the first connection listens, rejects when that fails. */
export async function listen(options: ListenOptions): Promise<{ close(): Promise<void> }> {
  let isClosed = false;
  let client = await connect(options, lost);
  let timer: NodeJS.Timeout | undefined;

  function lost(error: Error): void {
    if (isClosed) return;
    options.onConnectionError?.(error);
    retryAfter(retryMinMs);
  }
  function retryAfter(delayMs: number): void {
    timer = setTimeout(() => void reconnect(delayMs), delayMs);
  }
  async function reconnect(delayMs: number): Promise<void> {
    try {
      const next = await connect(options, lost);
      if (isClosed) return await next.end();
      client = next;
      options.onReconnect?.();
    } catch (error) {
      if (isClosed) return;
      options.onConnectionError?.(error as Error);
      retryAfter(Math.min(delayMs * 2, retryMaxMs));
    }
  }
  return {
    async close() {
      isClosed = true;
      clearTimeout(timer);
      await client.end();
    },
  };
}

/** Sends at commit, when called in a transaction; the payload has at most 7,999 bytes. */
export async function notify(executor: Executor, channel: string, payload: string): Promise<void> {
  await sql`select pg_notify(${channel}, ${payload})`.execute(executor);
}

/** One listening connection; `onLost` hears once of its end, whatever ended it. */
async function connect(options: ListenOptions, onLost: (error: Error) => void): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: options.url,
    application_name: 'sluice listen',
    keepAlive: true,
    connectionTimeoutMillis: 10_000,
  });
  let failure: Error | undefined;
  let isListening = false;
  client.on('error', (error) => {
    failure = error;
  });
  client.on('end', () => {
    if (isListening) onLost(failure ?? new Error('The database closed the listening connection.'));
  });
  client.on('notification', ({ channel, payload }) => options.onNotify(channel, payload ?? ''));
  try {
    await client.connect();
    for (const channel of options.channels) {
      await client.query(`listen ${client.escapeIdentifier(channel)}`);
    }
  } catch (error) {
    await client.end();
    throw error;
  }
  isListening = true;
  return client;
}
