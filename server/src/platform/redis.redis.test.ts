import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLog } from './log.ts';
import { connectRedis, probeRedis, type RedisConnection, RedisNotAsked } from './redis.ts';
import { type RedisServer, startRedis } from './testkit/redis.ts';

const echo = { name: 'testEcho', lua: 'return ARGV[1]' };
let server: RedisServer;
let redis: RedisConnection;

beforeAll(async () => {
  server = await startRedis();
  redis = connectRedis(server.url, createLog('silent'));
  await new Promise<void>((resolve) => redis.onUp(resolve));
});
afterAll(async () => {
  redis.close();
  await server.dispose();
});
const ask = () => redis.run(echo, ['key'], ['hello']);

describe('connectRedis', () => {
  test('finds an answer that came while the process was busy', async () => {
    expect(await ask()).toBe('hello');
    const asked = ask();
    // Long enough for every limit: what counts is when Redis answered, not when we looked.
    const until = performance.now() + 600;
    while (performance.now() < until);
    expect(await asked).toBe('hello');
    expect(redis.isUp()).toBe(true);
  });

  test('fails in time where Redis hangs, asks no more for a while, then is answered again', async () => {
    server.pause();
    const began = performance.now();
    const failure = (await ask().catch((error) => error)) as Error;
    expect(failure).not.toBeInstanceOf(RedisNotAsked);
    expect(failure.message).toContain('did not answer');
    expect(performance.now() - began).toBeLessThan(1_000);
    expect(redis.isUp()).toBe(false);
    await expect(ask()).rejects.toThrow(RedisNotAsked);
    server.resume();
    await expect.poll(() => ask().catch(() => undefined), { timeout: 5_000 }).toBe('hello');
    expect(redis.isUp()).toBe(true);
  });
});

describe('probeRedis', () => {
  test('says whether Redis answers', async () => {
    expect(await probeRedis(server.url)).toBe(true);
    const other = await startRedis();
    await other.dispose();
    expect(await probeRedis(other.url)).toBe(false);
  });
});
