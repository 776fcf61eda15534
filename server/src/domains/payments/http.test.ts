import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createHttpApp } from '../../platform/http/app.ts';
import { createRoutes } from '../../platform/http/routes.ts';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { testContext, testPlatform } from '../../platform/testkit/platform.ts';
import { changeSettings } from '../settings/index.ts';
import { registerPayments } from './http.ts';

let db: TestDatabase;
let app: FastifyInstance;

beforeAll(async () => {
  db = await createTestDatabase();
  const platform = testPlatform(db);
  const { config, clocks, log } = platform;
  app = await createHttpApp({ config, clocks, log: log as Logger });
  registerPayments(
    createRoutes(app, { platform, authenticate: async () => ({ kind: 'anonymous' }) }),
  );
  await changeSettings(testContext(platform), { payment_notifications_per_hour: 2 });
});
afterAll(async () => {
  await app.close();
  await db.close();
});

test('an address that sends too many notifications is told to send them later, and no other', async () => {
  const send = (remoteAddress: string) =>
    app.inject({ method: 'GET', url: '/api/v1/webhooks/credit?a=1', remoteAddress });
  for (let sent = 0; sent < 2; sent += 1) {
    expect((await send('198.51.100.7')).statusCode).not.toBe(429);
  }
  const refused = await send('198.51.100.7');
  // Providers tell again what was not answered with their word for success.
  expect(refused.statusCode).toBe(429);
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  expect((await send('198.51.100.8')).statusCode).not.toBe(429);
});
