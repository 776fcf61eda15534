/** Connections to the database, and how its values become ours. */
import { Kysely, type Transaction as KyselyTransaction, PostgresDialect } from 'kysely';
import pg from 'pg';

/** No table is known here: each store adds its own, see `Executor`. */
type NoTables = Record<never, never>;

export type Database = Kysely<NoTables>;
export type Transaction = KyselyTransaction<NoTables>;

/**
 * What a store's function takes: the pool, or the transaction that its operation opened. The store names its tables
 * per query, so that no file has to know all tables:
 *
 *     type PaymentsTables = { payments_attempts: AttemptRow };
 *
 *     export async function findAttempt(executor: Executor, number: string) {
 *       return executor
 *         .withTables<PaymentsTables>()
 *         .selectFrom('payments_attempts')
 *         .select(['number', 'status'])
 *         .where('number', '=', number)
 *         .executeTakeFirst();
 *     }
 *
 * `PaymentsTables` must be a `type`: an interface has no index signature. Its rows may be interfaces.
 */
export type Executor = Database | Transaction;

export interface DatabaseOptions {
  url: string;
  /** Connections at most; callers beyond wait. */
  max?: number;
  applicationName?: string;
  /** Ends statements that take longer. Not through pgbouncer, which refuses it as a start-up parameter. */
  statementTimeoutMs?: number;
  /** Sends statements without waiting for the answers of those before them. */
  pipeline?: boolean;
  /** Hears of connections that broke; the pool replaces them by itself. */
  onConnectionError?: (error: Error) => void;
}

/** Opens a pool; `destroy()` closes it. No connection is made before the first query. */
export function openDatabase(options: DatabaseOptions): Database {
  const pool = openPool(options);
  const database = new Kysely<NoTables>({ dialect: new PostgresDialect({ pool }) });
  pools.set(database, pool);
  return database;
}

const pools = new WeakMap<Database, pg.Pool>();

export interface PoolStanding {
  total: number;
  idle: number;
  /** Callers that wait for a connection. */
  waiting: number;
}

/** How many connections a pool has now, and who waits for one. */
export function poolStanding(database: Database): PoolStanding {
  const pool = pools.get(database);
  const { totalCount = 0, idleCount = 0, waitingCount = 0 } = pool ?? {};
  return { total: totalCount, idle: idleCount, waiting: waitingCount };
}

/** The pool itself, for what needs prepared statements of its own or a library that takes a `pg.Pool`. */
export function openPool(options: DatabaseOptions): pg.Pool {
  const settings: pg.PoolConfig & { pipeline: boolean } = {
    connectionString: options.url,
    pipeline: options.pipeline ?? false,
    max: options.max ?? 10,
    application_name: options.applicationName ?? 'sluice',
    statement_timeout: options.statementTimeoutMs,
    connectionTimeoutMillis: 10_000,
    types: { getTypeParser },
  };
  const pool = new pg.Pool(settings);
  const heard = (error: Error) => options.onConnectionError?.(error);
  // The pool listens to idle connections only; one that breaks while lent out would end the process.
  pool.on('connect', (client) => client.on('error', heard));
  pool.on('error', () => undefined);
  return pool;
}

const { builtins } = pg.types;
const arrays = { int8: 1016, date: 1182, numeric: 1231 };
const parseTextArray = pg.types.getTypeParser(1009 as number, 'text') as (text: string) => string[];

/** `int8` is a bigint; `numeric` and `date` stay text, for a number or a `Date` would change them. */
const parsers: Record<number, (text: string) => unknown> = {
  [builtins.INT8]: BigInt,
  [builtins.NUMERIC]: String,
  [builtins.DATE]: String,
  [arrays.int8]: (text) => parseTextArray(text).map(toBigIntOrNull),
  [arrays.date]: parseTextArray,
  [arrays.numeric]: parseTextArray,
};

function getTypeParser(oid: number, format?: 'text' | 'binary') {
  const own = format === 'binary' ? undefined : parsers[oid];
  return own ?? pg.types.getTypeParser(oid, format as 'text');
}

function toBigIntOrNull(text: string | null): bigint | null {
  return text === null ? null : BigInt(text);
}
