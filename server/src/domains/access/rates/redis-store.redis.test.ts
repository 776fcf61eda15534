import { afterAll } from 'vitest';
import { createLog } from '../../../platform/log.ts';
import { connectRedis } from '../../../platform/redis.ts';
import { startRedis, startRedisCluster } from '../../../platform/testkit/redis.ts';
import { createRedisStore } from './redis-store.ts';
import { describeStore } from './testkit/store-contract.ts';

const ends: (() => Promise<void> | void)[] = [];
afterAll(async () => {
  for (const end of ends.reverse()) await end();
});

async function openStore(url: string) {
  const redis = connectRedis(url, createLog('silent'));
  ends.push(() => redis.close());
  await new Promise<void>((resolve) => redis.onUp(resolve));
  return createRedisStore(redis);
}

describeStore('Redis', async () => {
  const server = await startRedis();
  ends.push(() => server.dispose());
  return openStore(server.url);
});

describeStore('a cluster of Redis', async () => {
  const cluster = await startRedisCluster();
  ends.push(() => cluster.dispose());
  return openStore(cluster.url);
});
