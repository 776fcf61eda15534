/**
 * A connection to Redis for what may be lost. A command is answered within `commandTimeoutMs` or fails, and fails at
 * once while there is no connection: nobody waits for Redis. It is sought again for as long as the process lives.
 */
import { Cluster, Redis, type RedisOptions } from 'ioredis';
import type { Log } from './log.ts';
import { slotOf } from './redis-slot.ts';
import { readRedisUrl } from './redis-url.ts';

export interface RedisConnection {
  /** Whether it answers, as far as is known; a cluster: all of its nodes that were asked of late. */
  isUp(): boolean;
  /**
   * Runs a script; all of its keys must lie in one slot.
   * @throws RedisNotAsked where it was not sent; any other error: it may have run.
   */
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

/** A command was not sent: it had no effect and never will. */
export class RedisNotAsked extends Error {}

const commandTimeoutMs = 250;
/** The driver's own limit only clears away what nobody waits for any more. */
const forgetCommandMs = 5_000;
const connectTimeoutMs = 2_000;
/** After a command that failed its node is left alone for so long, so that a hanging one delays a call now and then only. */
const restMs = 1_000;
const retryDelayMaxMs = 1_000;
/** A node that nobody asks any more may have left the cluster: it counts as gone for so long. */
const forgetNodeMs = 10_000;

/** Connects in the background; an outage is logged once, and so is its end. */
export function connectRedis(url: string, log: Log): RedisConnection {
  const client = open(url);
  const nodes = watchNodes(log);
  let isClosed = false;
  const noteGone = (error?: unknown) => {
    if (!isClosed) nodes.noteGone(whole, error);
  };
  client.on('error', noteGone);
  client.on('close', () => noteGone());
  client.on('ready', () => nodes.noteBack(whole));

  const isReady = () => client.status === 'ready';
  const nodeOf = (key: string) =>
    client instanceof Cluster ? (client.slots[slotOf(key)]?.[0] ?? whole) : whole;
  const defined = new Set<string>();
  return {
    isUp: () => isReady() && nodes.areBack(),
    async run({ name, lua }, keys, args) {
      const node = nodeOf(keys[0] ?? '');
      if (!isReady() || nodes.rests(node)) throw new RedisNotAsked('Redis does not answer');
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
        nodes.noteBack(node);
        return answer;
      } catch (error) {
        if (!isClosed) nodes.noteGone(node, error);
        throw error;
      }
    },
    onUp(listener) {
      client.on('ready', listener);
      if (isReady()) listener();
    },
    close() {
      isClosed = true;
      client.disconnect();
    },
  };
}

/** Stands for all nodes, or for the one server. */
const whole = '';

/** Which nodes do not answer: one that hangs must not take the others' rates with it. */
function watchNodes(log: Log) {
  const restUntilMs = new Map<string, number>();
  return {
    noteGone(node: string, error: unknown): void {
      const isNew = !restUntilMs.has(node);
      restUntilMs.set(node, performance.now() + restMs);
      if (!isNew) return;
      log.warn({ err: error, node }, 'Redis is gone: each process keeps its share of the rates');
    },
    noteBack(node: string): void {
      const wasGone = restUntilMs.delete(node);
      if (wasGone) log.info({ node }, 'Redis is back: rates are shared again');
    },
    rests: (node: string) => performance.now() < (restUntilMs.get(node) ?? 0),
    areBack(): boolean {
      for (const [node, untilMs] of restUntilMs) {
        if (node !== whole && performance.now() > untilMs + forgetNodeMs) restUntilMs.delete(node);
      }
      return restUntilMs.size === 0;
    },
  };
}

/** Whether Redis answers at that address, for somebody who waits for the answer. */
export async function probeRedis(url: string): Promise<boolean> {
  const client = open(url);
  try {
    return await new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), connectTimeoutMs);
      client.once('ready', () => {
        clearTimeout(timer);
        resolve(true);
      });
      client.on('error', () => undefined);
    });
  } finally {
    client.disconnect();
  }
}

/** A process that was busy itself may find the answer already there: it looks once more before it gives up. */
function withinTime(answer: Promise<unknown> | undefined): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => setImmediate(() => reject(new Error(`Redis did not answer in ${commandTimeoutMs} ms`))),
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
    commandTimeout: forgetCommandMs,
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
