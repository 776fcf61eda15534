/**
 * Transactions in which many things of one kind are done side by side. Each is written as if it were alone; their
 * statements go out on one connection without waiting for each other's answers, parsed and planned once, and what is
 * asked at the same moment travels in one packet.
 */
import { createHash } from 'node:crypto';
import {
  type CompiledQuery,
  type DatabaseConnection,
  DefaultQueryExecutor,
  Transaction as KyselyTransaction,
  PostgresDialect,
  type QueryResult,
} from 'kysely';
import type pg from 'pg';
import { gatherOn } from './gathered.ts';
import { type DatabaseOptions, openPool, type Transaction } from './pool.ts';

export interface BulkDatabase {
  /**
   * Runs `work` in one transaction, in which it may have any number of statements under way. It must have settled all
   * of them when it resolves or rejects.
   */
  transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>;
  /** Waits for what runs, then closes the connections. */
  destroy(): Promise<void>;
}

/**
 * Connects directly, not through pgbouncer: statements are prepared. No connection is made before the first
 * transaction.
 */
export function openBulkDatabase(options: DatabaseOptions): BulkDatabase {
  return bulkOn(openPool({ ...options, pipeline: true }));
}

/** On a pool whose connections are pipelined. */
export function bulkOn(pool: pg.Pool): BulkDatabase {
  return {
    async transaction(work) {
      const client = await pool.connect();
      const connection = new PipelinedConnection(client);
      try {
        await client.query('begin');
        const transaction = transactionOn(connection);
        gatherOn(transaction, (flush) => connection.gather(flush));
        const result = await work(transaction);
        await client.query('commit');
        client.release();
        return result;
      } catch (error) {
        // A statement that failed to be prepared is remembered as if it had been: the connection is not used again.
        client.release(true);
        throw error;
      } finally {
        connection.close();
      }
    },
    destroy: () => pool.end(),
  };
}

const dialect = new PostgresDialect({ pool: never });

async function never(): Promise<never> {
  throw new Error('a bulk transaction has its connection already');
}

function transactionOn(connection: DatabaseConnection): Transaction {
  const executor = new DefaultQueryExecutor(
    dialect.createQueryCompiler(),
    dialect.createAdapter(),
    { provideConnection: (consumer) => consumer(connection) },
  );
  return new KyselyTransaction({
    ...{ config: { dialect }, dialect, executor },
    driver: dialect.createDriver() as never,
  });
}

/** What of a client its types do not tell. */
interface Wire {
  connection: { stream: { cork(): void; uncork(): void } };
}

class PipelinedConnection implements DatabaseConnection {
  readonly #client: pg.PoolClient;
  readonly #waiting: (() => void)[] = [];
  readonly #gathering: (() => Promise<void>)[] = [];
  #underWay = 0;
  #isClosed = false;

  constructor(client: pg.PoolClient) {
    this.#client = client;
  }

  /** Whatever is asked from now on would run outside of the transaction. */
  close(): void {
    this.#isClosed = true;
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    await this.#turn();
    if (this.#isClosed) throw new Error('The transaction of this statement is over.');
    const query = { name: nameOf(sql), text: sql, values: parameters as unknown[] };
    try {
      const { rows, rowCount, command } = await this.#client.query(query);
      return changes.has(command) ? { rows, numAffectedRows: BigInt(rowCount ?? 0) } : { rows };
    } finally {
      this.#underWay -= 1;
      if (this.#underWay === 0) this.#sendSoon();
    }
  }

  // biome-ignore lint/correctness/useYield: nothing is streamed in a bulk transaction
  async *streamQuery(): AsyncGenerator<never> {
    throw new Error('A bulk transaction streams nothing.');
  }

  /** What is asked while answers are awaited goes out together, once they are all there. */
  #turn(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#waiting.push(resolve) === 1 && this.#underWay === 0) this.#sendSoon();
    });
  }

  /** What `flush` asks goes out with whatever is asked in the same turn. */
  gather(flush: () => Promise<void>): void {
    this.#gathering.push(flush);
    if (this.#underWay === 0) this.#sendSoon();
  }

  /** At the end of this turn of the event loop, when everybody has asked. */
  #sendSoon(): void {
    setImmediate(() => {
      if (this.#underWay > 0) return;
      for (const flush of this.#gathering.splice(0)) void flush();
      setImmediate(() => this.#send());
    });
  }

  #send(): void {
    if (this.#underWay > 0 || this.#waiting.length === 0) return;
    const { stream } = (this.#client as unknown as Wire).connection;
    this.#underWay = this.#waiting.length;
    stream.cork();
    for (const send of this.#waiting.splice(0)) send();
    setImmediate(() => stream.uncork());
  }
}

const changes = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE']);

const names = new Map<string, string>();

function nameOf(text: string): string {
  const known = names.get(text);
  if (known !== undefined) return known;
  const name = createHash('sha1').update(text).digest('hex');
  names.set(text, name);
  return name;
}
