/** The rates that processes share, and what this one owes them from while Redis did not answer. */
import { randomUUID } from 'node:crypto';
import { type RedisConnection, RedisNotAsked } from '../../../platform/redis.ts';
import { createRedisStore } from './redis-store.ts';
import { heartbeatScript } from './scripts.ts';
import type { LeaseReference, RateStore } from './store.ts';

export interface SharedStore extends RateStore {
  isUp(): boolean;
  /** How many processes share, as last heard. */
  processes(): number;
  close(): void;
}

/** So often, so that within a second everybody knows how many there are. */
const heartbeatMs = 500;
const aliveMs = 3_000;
/** A Redis that starts anew has heard of few at first: a higher count is believed for so long. */
const rememberMs = 10_000;
/** Beyond so many leases that are to be given back the oldest ends by itself. */
const owedMax = 10_000;

export function createSharedStore(redis: RedisConnection): SharedStore {
  const store = createRedisStore(redis);
  const owed = new Map<string, { lease: LeaseReference; tokens: number | undefined }>();
  const process = { id: randomUUID(), count: 1, countedAtMs: 0 };
  let isBeating = false;

  function owe(lease: LeaseReference, tokens: number | undefined): void {
    const name = `${lease.group} ${lease.id}`;
    owed.set(name, { lease, tokens });
    if (owed.size > owedMax) owed.delete(owed.keys().next().value ?? '');
  }

  async function repay(): Promise<void> {
    for (const [name, { lease, tokens }] of owed) {
      const given = await store.give(lease, tokens).catch(() => undefined);
      if (given !== undefined) owed.delete(name);
    }
  }

  async function count(): Promise<void> {
    const answer = await redis
      .run(heartbeatScript, ['sluice:processes'], [process.id, aliveMs])
      // The connection tells of its outage; how many we were is remembered.
      .catch(() => undefined);
    if (answer === undefined) return;
    const alive = Math.max(1, Number(answer));
    const now = performance.now();
    if (alive < process.count && now - process.countedAtMs < rememberMs) return;
    process.count = alive;
    process.countedAtMs = now;
  }

  async function beat(): Promise<void> {
    if (isBeating) return;
    isBeating = true;
    await count();
    await repay();
    isBeating = false;
  }

  redis.onUp(() => void beat());
  const timer = setInterval(() => void beat(), heartbeatMs);
  timer.unref();

  return {
    isUp: () => redis.isUp(),
    processes: () => process.count,
    async take(take) {
      try {
        return await store.take(take);
      } catch (error) {
        // It may be counted all the same, and nobody will use it.
        const { group, id, demands } = take;
        const names = demands.map(({ name }) => name);
        if (!(error instanceof RedisNotAsked) && take.leaseMs > 0)
          owe({ group, id, names }, undefined);
        throw error;
      }
    },
    async give(lease, tokens) {
      try {
        return await store.give(lease, tokens);
      } catch {
        owe(lease, tokens);
        return false;
      }
    },
    renew: (lease, leaseMs) => store.renew(lease, leaseMs).catch(() => false),
    close() {
      clearInterval(timer);
      redis.close();
    },
  };
}
