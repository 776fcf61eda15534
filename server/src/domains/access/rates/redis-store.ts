import type { RedisConnection } from '../../../platform/redis.ts';
import { giveScript, renewScript, takeScript } from './scripts.ts';
import type { LeaseReference, RateStore } from './store.ts';

/** Rates of all processes. Every method throws when Redis did not answer. */
export function createRedisStore(redis: RedisConnection): RateStore {
  return {
    async take({ group, id, leaseMs, demands }) {
      const keys = keysOf({ group, id, names: demands.map(({ name }) => name) });
      const args = demands.flatMap((demand) =>
        demand.kind === 'slot'
          ? ['slot', demand.limit, 1, 0]
          : [demand.role, demand.limit, demand.amount, demand.windowMs],
      );
      const answer = await redis.run(takeScript, keys, [id, leaseMs, ...args]);
      const [refused, retryMs, used, resets] = answer as [number, number, number[], number[]];
      return {
        refused: refused < 0 ? undefined : refused,
        retryMs,
        states: used.map((count, index) => ({ used: count, resetMs: resets[index] ?? 0 })),
      };
    },
    async give(lease, tokens) {
      return (await redis.run(giveScript, keysOf(lease), [lease.id, tokens ?? ''])) === 1;
    },
    async renew(lease, leaseMs) {
      return (await redis.run(renewScript, keysOf(lease), [lease.id, leaseMs])) === 1;
    },
  };
}

/** The braces put all keys of a group into one slot of a cluster. */
function keysOf({ group, id, names }: LeaseReference): string[] {
  const prefix = `sluice:{${group}}`;
  return [`${prefix}:lease:${id}`, ...names.map((name) => `${prefix}:${name}`)];
}
