/** What processes share through Redis, and what becomes of it when Redis hangs, dies and comes back. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readConfig } from '../../../platform/config.ts';
import { createLog } from '../../../platform/log.ts';
import { slotOf } from '../../../platform/redis-slot.ts';
import {
  type RedisCluster,
  type RedisServer,
  startRedis,
  startRedisCluster,
} from '../../../platform/testkit/redis.ts';
import { systemClocks } from '../../../platform/time.ts';
import { registerRateMetrics } from './metrics.ts';
import { createRates, type Rates } from './rates.ts';

const worker = fileURLToPath(new URL('./testkit/rates-worker.ts', import.meta.url));
const open: Rates[] = [];
const servers: RedisServer[] = [];
let made = 0;

/** As of one server process. */
async function openRates(url: string): Promise<Rates> {
  const rates = createRates({
    config: { ...readConfig({}), redisUrl: url },
    log: createLog('silent'),
    clocks: systemClocks(() => 0),
  });
  open.push(rates);
  await untilUp(rates, true);
  return rates;
}
/** Ends with the file, whatever its test comes to. */
async function openRedis(): Promise<RedisServer> {
  const redis = await startRedis();
  servers.push(redis);
  return redis;
}
afterAll(async () => {
  for (const rates of open) rates.close();
  for (const redis of servers) await redis.dispose();
});

async function until(isTrue: () => boolean): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!isTrue()) {
    if (performance.now() > deadline) throw new Error(`it never became true: ${isTrue}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
const untilUp = (rates: Rates, isUp: boolean) => until(() => rates.isRedisUp() === isUp);
/** Each has heard of all the others. */
const untilHeard = (all: readonly Rates[]) =>
  until(() => all.every((rates) => rates.processes() === all.length));

type Limits = Partial<{ requestsPerMinute: number; concurrency: number }>;
const none = { requestsPerMinute: null, tokensPerMinute: null, concurrency: null };

function newCall(organizationId: string) {
  made += 1;
  return { requestId: `req_${made}`, organizationId, apiKeyId: null };
}
const take = (rates: Rates, organizationId: string, plan: Limits) =>
  rates.take({
    ...{ ...newCall(organizationId), tokens: 0, key: null, leaseMs: 60_000 },
    plan: { ...none, ...plan },
  });

/** How many of so many calls at once each of the processes lets through. */
async function permitted(all: readonly Rates[], organizationId: string, plan: Limits) {
  const calls = all.flatMap((rates) =>
    Array.from({ length: 40 }, () => take(rates, organizationId, plan)),
  );
  return (await Promise.all(calls)).filter((decision) => decision.permitted).length;
}

describe('rates of several processes', () => {
  let redis: RedisServer;
  let one: Rates;
  let other: Rates;
  beforeAll(async () => {
    redis = await openRedis();
    [one, other] = [await openRates(redis.url), await openRates(redis.url)];
  });

  test('share the slots of calls in flight to the unit', async () => {
    const args = [worker, redis.url, 'org_processes', '100', '37'];
    const run = () => promisify(execFile)(process.execPath, args);
    const said = await Promise.all([run(), run()]);
    const reports = said.map(({ stdout }) => JSON.parse(stdout));
    expect(reports[0].permitted + reports[1].permitted).toBe(37);
    expect(reports.map(({ fallbacks }) => fallbacks)).toEqual([0, 0]);
  });

  test('share requests per minute to the unit', async () => {
    expect(await permitted([one, other], 'org_minute', { requestsPerMinute: 53 })).toBe(53);
  });

  test('give back what another process took', async () => {
    const call = newCall('org_given');
    const asked = { ...call, tokens: 0, key: null, leaseMs: 60_000 };
    await one.take({ ...asked, plan: { ...none, concurrency: 1 } });
    expect((await take(other, 'org_given', { concurrency: 1 })).permitted).toBe(false);
    await other.give(call, { tokens: 0 });
    expect((await take(one, 'org_given', { concurrency: 1 })).permitted).toBe(true);
  });

  test('apply a changed limit with the next call of any of them', async () => {
    expect(await permitted([one, other], 'org_changed', { concurrency: 5 })).toBe(5);
    expect(await permitted([one, other], 'org_changed', { concurrency: 8 })).toBe(3);
    expect(await permitted([one, other], 'org_changed', { concurrency: 2 })).toBe(0);
  });

  test('count requests against limits that applications name', async () => {
    const named = { group: 'app_1 key_1', name: 'search 60', limit: 3, seconds: 60 };
    const answers = [];
    for (const rates of [one, other, one, other]) answers.push(await rates.takeNamed(named));
    expect(answers.map(({ allowed, remaining }) => [allowed, remaining])).toEqual([
      [true, 2],
      [true, 1],
      [true, 0],
      [false, 0],
    ]);
  });
});

describe('a Redis that dies', () => {
  test('leaves each process its share, and is used again when it is back', async () => {
    const redis = await openRedis();
    const all = [await openRates(redis.url), await openRates(redis.url)];
    const [one] = all as [Rates];
    const registry = new Registry();
    registerRateMetrics(registry, one);
    const began = performance.now();
    await untilHeard(all);
    expect(performance.now() - began).toBeLessThan(2_000);
    expect(await registry.metrics()).toContain('sluice_redis_up 1\n');

    await redis.stop();
    for (const rates of all) await untilUp(rates, false);
    // Halves of nine, rounded down; beside what Redis itself let through before.
    expect(await permitted(all, 'org_dead', { requestsPerMinute: 9 })).toBe(8);
    expect(await permitted(all, 'org_dead_slots', { concurrency: 10 })).toBe(10);
    // More processes than places: nobody is shut out.
    expect(await permitted(all, 'org_dead_one', { concurrency: 1 })).toBe(2);
    expect(await registry.metrics()).toMatch(/sluice_redis_up 0\n.*fallbacks_total 120\n/s);

    await redis.start();
    for (const rates of all) await untilUp(rates, true);
    const before = one.fallbacks();
    expect(await permitted(all, 'org_back', { requestsPerMinute: 9 })).toBe(9);
    expect(one.fallbacks()).toBe(before);
  });

  test('answers at once while it is dead, and slots taken meanwhile are given back', async () => {
    const redis = await openRedis();
    const rates = await openRates(redis.url);
    await redis.stop();
    await untilUp(rates, false);
    const began = performance.now();
    for (let calls = 0; calls < 100; calls += 1) {
      const call = newCall('org_meanwhile');
      const asked = { ...call, tokens: 0, key: null, leaseMs: 60_000 };
      const { permitted } = await rates.take({ ...asked, plan: { ...none, concurrency: 1 } });
      expect(permitted).toBe(true);
      await rates.give(call, { tokens: 0 });
    }
    expect(performance.now() - began).toBeLessThan(1_000);
  });
});

describe('a Redis that hangs', () => {
  test('delays a call by little, and does not keep the slot of a call that it never answered', async () => {
    const redis = await openRedis();
    const rates = await openRates(redis.url);
    redis.pause();
    const began = performance.now();
    const call = newCall('org_hung');
    const asked = { ...call, tokens: 0, key: null, leaseMs: 60_000 };
    const { permitted } = await rates.take({ ...asked, plan: { ...none, concurrency: 1 } });
    expect(permitted).toBe(true);
    expect(performance.now() - began).toBeLessThan(500);
    expect(rates.fallbacks()).toBe(1);
    await rates.give(call, { tokens: 0 });

    redis.resume();
    await untilUp(rates, true);
    // Redis ran it after all: until this process took it back, the only slot was taken there.
    await expect
      .poll(async () => (await take(rates, 'org_hung', { concurrency: 1 })).permitted, {
        timeout: 5_000,
      })
      .toBe(true);
    expect(rates.fallbacks()).toBe(1);
  });

  test('gets back the slots of calls that ended meanwhile', async () => {
    const redis = await openRedis();
    const rates = await openRates(redis.url);
    const call = newCall('org_ended');
    const asked = { ...call, tokens: 0, key: null, leaseMs: 60_000 };
    await rates.take({ ...asked, plan: { ...none, concurrency: 1 } });
    redis.pause();
    await rates.give(call, { tokens: 0 });
    redis.resume();
    await untilUp(rates, true);
    await expect
      .poll(async () => (await take(rates, 'org_ended', { concurrency: 1 })).permitted, {
        timeout: 5_000,
      })
      .toBe(true);
  });
});

describe('a node of a cluster that dies', () => {
  let cluster: RedisCluster;
  beforeAll(async () => {
    cluster = await startRedisCluster();
  });
  afterAll(() => cluster.dispose());

  /** An organization whose keys lie on that one of the three nodes. */
  function organizationOn(node: number): string {
    for (let number = 0; ; number += 1) {
      const id = `org_${node}_${number}`;
      if (Math.floor(slotOf(`{${id}}`) / (16_384 / 3)) === node) return id;
    }
  }

  test('takes the sharing of its own organizations only', async () => {
    const all = [await openRates(cluster.url), await openRates(cluster.url)];
    expect(await permitted(all, organizationOn(0), { concurrency: 10 })).toBe(10);
    expect(await permitted(all, organizationOn(1), { concurrency: 10 })).toBe(10);
    await untilHeard(all);
    const fallbacks = () => all.reduce((sum, rates) => sum + rates.fallbacks(), 0);
    expect(fallbacks()).toBe(0);

    await cluster.nodes[0]?.stop();
    expect(await permitted(all, organizationOn(0), { requestsPerMinute: 10 })).toBe(10);
    const alone = fallbacks();
    expect(alone).toBe(80);
    expect(all.map((rates) => rates.isRedisUp())).toEqual([false, false]);
    for (const node of [1, 2]) {
      expect(await permitted(all, organizationOn(node), { requestsPerMinute: 11 })).toBe(11);
    }
    expect(fallbacks()).toBe(alone);
  });
});
