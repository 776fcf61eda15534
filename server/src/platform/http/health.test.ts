import Fastify from 'fastify';
import { describe, expect, test } from 'vitest';
import { NotReady, registerHealth } from './health.ts';

async function ask(check: () => Promise<void>, isDraining = false) {
  const app = Fastify({ logger: false });
  registerHealth(app, { check, isDraining: () => isDraining });
  const { statusCode, body } = await app.inject('/health/ready');
  return [statusCode, JSON.parse(body)];
}

describe('/health/ready', () => {
  test('is 200 where all that the code needs is there', async () => {
    expect(await ask(async () => undefined)).toEqual([200, { status: 'ready' }]);
  });

  test('says what is missing, and what to do', async () => {
    const missing = new NotReady('To be applied: 0001_first.sql. Run "sluice migrate".');
    expect(await ask(() => Promise.reject(missing))).toEqual([
      503,
      { status: 'unavailable', reason: missing.message },
    ]);
  });

  test('tells nobody what a database says of itself', async () => {
    const failure = new Error('password authentication failed for user "sluice"');
    expect(await ask(() => Promise.reject(failure))).toEqual([503, { status: 'unavailable' }]);
  });

  test('is 503 while the process stops, whatever is there', async () => {
    expect(await ask(async () => undefined, true)).toEqual([503, { status: 'draining' }]);
  });
});
