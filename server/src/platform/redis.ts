/**
 * A connection to Redis for what may be lost. A command is answered within `commandTimeoutMs` or fails, and fails at
 * once while there is no connection: nobody waits for Redis. It is sought again for as long as the process lives.
 */
import { Cluster, Redis, type RedisOptions } from 'ioredis';
import type { Log } from './log.ts';
import { readRedisUrl } from './redis-url.ts';

export interface RedisConnection {
  /** Whether commands are sent now. */
  isUp(): boolean;
  /** Runs a script; all of its keys must lie in one slot. @throws Error when Redis did not answer in time. */
  run(
    script: RedisScript,
    keys: readonly string[],
    args: readonly (string | number)[],
  ): Promise<unknown>;
  /** Told whenever a connection is there again. */
  onUp(listener: () => void): void;
  close(): void;
}

export interface RedisScript {
  /** A name of our own for it; two scripts need two. */
  name: string;
  lua: string;
}

const commandTimeoutMs = 100;
const connectTimeoutMs = 2_000;
/** After a command that failed Redis is left alone for so long, so that a hanging one delays a call now and then only. */
const restMs = 500;
const retryDelayMaxMs = 1_000;

/** Connects in the background; an outage is logged once, and so is its end. */
export function connectRedis(url: string, log: Log): RedisConnection {
  const client = open(url);
  const listeners: (() => void)[] = [];
  let restsUntilMs = 0;
  let isOut = false;
  let isClosed = false;

  function noteOutage(error: unknown): void {
    if (isOut || isClosed) return;
    isOut = true;
    log.warn({ err: error }, 'Redis is gone: each process keeps its share of the rate limits');
  }
  function noteUp(): void {
    restsUntilMs = 0;
    if (isOut) log.info('Redis is back: rate limits are shared again');
    isOut = false;
    for (const listener of listeners) listener();
  }
  client.on('error', noteOutage);
  client.on('close', () => noteOutage(undefined));
  client.on('ready', noteUp);

  const isUp = () => client.status === 'ready' && performance.now() >= restsUntilMs;
  const defined = new Set<string>();
  return {
    isUp,
    async run({ name, lua }, keys, args) {
      if (!isUp()) throw new Error('Redis is not connected');
      if (!defined.has(name)) {
        client.defineCommand(name, { lua });
        defined.add(name);
      }
      const commands = client as unknown as Record<
        string,
        (...args: unknown[]) => Promise<unknown>
      >;
      try {
        const answer = await withinTime(commands[name]?.(keys.length, ...keys, ...args));
        if (isOut) noteUp();
        return answer;
      } catch (error) {
        restsUntilMs = performance.now() + restMs;
        noteOutage(error);
        throw error;
      }
    },
    onUp(listener) {
      listeners.push(listener);
      if (client.status === 'ready') listener();
    },
    close() {
      isClosed = true;
      client.disconnect();
    },
  };
}

/** The driver's own limit is of one command on one node; a cluster's redirections come on top. */
function withinTime(answer: Promise<unknown> | undefined): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`Redis did not answer within ${commandTimeoutMs} ms`)),
      commandTimeoutMs,
    );
    Promise.resolve(answer)
      .then(resolve, reject)
      .finally(() => clearTimeout(timer));
  });
}

function open(url: string): Redis | Cluster {
  const address = readRedisUrl(url);
  if (!address) throw new Error('REDIS_URL was not checked');
  const { hosts, isCluster, isTls, username, password, database } = address;
  const retry = (attempt: number) => Math.min(attempt * 50, retryDelayMaxMs);
  const options = {
    ...(username ? { username } : {}),
    ...(password ? { password } : {}),
    ...(isTls ? { tls: {} } : {}),
    connectTimeout: connectTimeoutMs,
    commandTimeout: commandTimeoutMs,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
  } satisfies RedisOptions;
  if (isCluster) {
    return new Cluster(hosts, {
      redisOptions: options,
      enableOfflineQueue: false,
      clusterRetryStrategy: retry,
      slotsRefreshTimeout: connectTimeoutMs,
      retryDelayOnFailover: 20,
      retryDelayOnClusterDown: 20,
      maxRedirections: 4,
    });
  }
  const [{ host, port } = { host: 'localhost', port: 6379 }] = hosts;
  return new Redis({
    ...options,
    host,
    port,
    db: database,
    enableOfflineQueue: false,
    retryStrategy: retry,
  });
}
