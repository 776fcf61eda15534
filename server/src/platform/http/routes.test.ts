import { createApiKey, revokeApiKey } from '@sluice/contract/api-keys';
import { createPackage } from '@sluice/contract/catalog';
import { listOrganizations } from '@sluice/contract/identity';
import { receivePaymentNotificationPost } from '@sluice/contract/payments';
import type { FastifyInstance } from 'fastify';
import { sql } from 'kysely';
import type { Logger } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { inTransaction } from '../context.ts';
import { notFound } from '../errors.ts';
import { keyCaller, userCaller } from '../testkit/callers.ts';
import { createTestDatabase, type TestDatabase } from '../testkit/database.ts';
import { type TestPlatform, testPlatform } from '../testkit/platform.ts';
import { createHttpApp } from './app.ts';
import type { Caller } from './caller.ts';
import { createRoutes } from './routes.ts';

let db: TestDatabase;
let at: TestPlatform;
let app: FastifyInstance;
let caller: Caller;
let calls = 0;
let fail: (() => never) | undefined;

const owner = userCaller({ organizationId: 'org_1' });
const administrator = userCaller({ organizationId: 'org_1', platformRole: 'admin' });

beforeAll(async () => {
  db = await createTestDatabase();
  at = testPlatform(db);
  const { config, clocks, log } = at;
  app = await createHttpApp({ config, clocks, log: log as Logger });
  const routes = createRoutes(app, { platform: at, authenticate: async () => caller });
  const instant = '2026-03-04T12:00:00.000Z';
  routes.serve(createApiKey, async ({ context, body, organizationId }) => {
    calls += 1;
    await inTransaction(context, async (transaction) => {
      await sql`select 1`.execute(transaction);
    });
    fail?.();
    return {
      id: `key_${calls}`,
      name: `${organizationId} ${body.name}`,
      prefix: 'sk-abc',
      status: 'active',
      allowed_models: null,
      application: null,
      ip_allowlist: null,
      user: { id: 'usr_1', name: 'Ada', email: 'ada@example.com' },
      cost_center: null,
      rate_limits: { rpm: null, tpm: null, concurrency: null },
      spend_caps: { day: null, month: null, total: null },
      tags: [],
      expires_at: null,
      previous_expires_at: null,
      last_used_at: null,
      created_at: instant,
      revoked_at: null,
      key: `sk-secret-${calls}`,
      internal: 'never shown',
    } as never;
  });
  routes.serve(revokeApiKey, async ({ params }) => {
    if (params.id !== 'key_1') throw notFound('key');
  });
  routes.serve(listOrganizations, async ({ query }) => ({
    data: [],
    next_cursor: String(query.limit),
  }));
  routes.serve(createPackage, async ({ body }) => {
    throw new Error(`bug with ${body.name}`);
  });
  routes.serveRaw(receivePaymentNotificationPost, async ({ request, reply }) => {
    reply.send(`got ${(request.body as Buffer).toString('utf8')}`);
  });
  await app.ready();
});
afterAll(async () => {
  await app.close();
  await db.close();
});
beforeEach(async () => {
  caller = owner;
  calls = 0;
  fail = undefined;
  await sql`truncate platform_idempotency_keys`.execute(at.database);
});

const create = (payload: object | string, headers: Record<string, string> = {}) =>
  app.inject({
    method: 'POST',
    url: '/api/v1/api-keys',
    headers: { 'content-type': 'application/json', ...headers },
    payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
  });

describe('serve', () => {
  test('answers what the contract lists, and drops what it does not', async () => {
    const answer = await create({ name: 'production' });
    expect(answer.statusCode).toBe(201);
    expect(answer.json()).toMatchObject({ name: 'org_1 production', key: 'sk-secret-1' });
    expect(answer.json()).not.toHaveProperty('internal');
    expect(answer.headers['x-request-id']).toMatch(/^req_/);
  });

  test.each([
    ['{"name":"a","nmae":1}', 'nmae', 'is no field of this request'],
    ['{}', 'name', 'is missing'],
    ['', 'name', 'is missing'],
    ['{"name":""}', 'name', 'Give the key a name'],
    ['{"name":"a","expires_at":"tomorrow"}', 'expires_at', 'RFC 3339'],
    ['{"name":"a","allowed_models":[]}', 'allowed_models', 'is not right'],
    ['{"name":"a"', undefined, 'no valid JSON'],
    ['{"name":"a","__proto__":{"x":1}}', undefined, 'no valid JSON'],
    ['[1]', undefined, 'is not right'],
  ])('refuses %s with a sentence', async (payload, param, sentence) => {
    const answer = await create(payload);
    expect(answer.statusCode).toBe(400);
    expect(answer.json().error).toMatchObject({
      code: 'malformed',
      request_id: answer.headers['x-request-id'],
    });
    expect(answer.json().error.param).toBe(param);
    expect(answer.json().error.message).toContain(sentence);
    expect(calls).toBe(0);
  });

  test('refuses a body that is too large, and one of another type', async () => {
    expect((await create({ name: 'x'.repeat(300_000) })).statusCode).toBe(413);
    expect((await create('name=a', { 'content-type': 'text/plain' })).statusCode).toBe(415);
  });

  test('reads the query by its schema', async () => {
    const get = (url: string) => app.inject({ method: 'GET', url });
    expect((await get('/api/v1/organizations?limit=7')).json().next_cursor).toBe('7');
    expect((await get('/api/v1/organizations')).json().next_cursor).toBe('50');
    expect((await get('/api/v1/organizations?limit=0')).statusCode).toBe(400);
    expect((await get('/api/v1/organizations?limits=7')).json().error.param).toBe('limits');
  });

  test('answers 204 without a body, and a refusal with its status', async () => {
    const revoke = (id: string) => app.inject({ method: 'DELETE', url: `/api/v1/api-keys/${id}` });
    expect((await revoke('key_1')).statusCode).toBe(204);
    expect((await revoke('key_9')).statusCode).toBe(404);
  });

  test('asks the authorization table before it reads the body', async () => {
    caller = { kind: 'anonymous' };
    expect((await create('{bad')).statusCode).toBe(400);
    expect((await create({ name: 'a' })).statusCode).toBe(401);
    caller = keyCaller({ organizationId: 'org_1' });
    expect((await create({ name: 'a' })).statusCode).toBe(403);
    caller = userCaller({ organizationId: 'org_1', role: 'billing' });
    expect((await create({ name: 'a' })).statusCode).toBe(403);
    expect(calls).toBe(0);
  });

  test('tells nothing of a bug but the request id', async () => {
    caller = administrator;
    const payload = { name: 'secret thing', price: '1', duration_days: 1, daily_limit: 5 };
    const answer = await app.inject({ method: 'POST', url: '/api/v1/admin/packages', payload });
    expect(answer.statusCode).toBe(500);
    expect(answer.body).not.toContain('secret thing');
  });

  test('hands raw bytes of any content type to those who ask for them', async () => {
    const send = (payload: string, type: string) =>
      app.inject({
        method: 'POST',
        url: '/api/v1/webhooks/credit',
        headers: { 'content-type': type },
        payload,
      });
    expect((await send('a=1&b=2', 'application/x-www-form-urlencoded')).body).toBe('got a=1&b=2');
    expect((await send('{bad', 'application/json')).body).toBe('got {bad');
    expect((await send('x'.repeat(1_100_000), 'text/plain')).statusCode).toBe(413);
  });
});

describe('Idempotency-Key', () => {
  const keyed = (payload: object, key = 'k1') => create(payload, { 'idempotency-key': key });

  test('answers the first result again, secret included, without doing it again', async () => {
    const first = await keyed({ name: 'a' });
    const second = await keyed({ name: 'a' });
    expect(second.json()).toEqual(first.json());
    expect(second.statusCode).toBe(201);
    expect(second.headers['idempotency-replayed']).toBe('true');
    expect(first.headers['idempotency-replayed']).toBeUndefined();
    expect(calls).toBe(1);
  });

  test('refuses the key for another body', async () => {
    await keyed({ name: 'a' });
    const other = await keyed({ name: 'b' });
    expect(other.statusCode).toBe(409);
    expect(other.json().error.code).toBe('idempotency_mismatch');
  });

  test('is one’s own: another organization may use the same key', async () => {
    await keyed({ name: 'a' });
    caller = { ...owner, organizationId: 'org_2' };
    expect((await keyed({ name: 'a' })).json().name).toBe('org_2 a');
  });

  test('lets one of twenty at once through', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => keyed({ name: 'a' })));
    expect(calls).toBe(1);
    const statuses = answers.map((answer) => answer.statusCode);
    expect(statuses.filter((status) => status !== 201 && status !== 409)).toEqual([]);
  });

  test('is free again when nothing was done', async () => {
    expect((await keyed({ name: '' })).statusCode).toBe(400);
    expect((await keyed({ name: 'a' })).statusCode).toBe(201);
  });

  test('never repeats what took effect, even if its answer was lost', async () => {
    fail = () => {
      throw new Error('the process dies after its commit');
    };
    expect((await keyed({ name: 'a' })).statusCode).toBe(500);
    fail = undefined;
    expect((await keyed({ name: 'a' })).json().error.code).toBe('idempotency_in_progress');
    at.clocks.advance('PT2M');
    expect((await keyed({ name: 'a' })).json().error.code).toBe('idempotency_answer_lost');
    expect(calls).toBe(1);
  });

  test('forgets after a day', async () => {
    await keyed({ name: 'a' });
    at.clocks.advance('P1DT1S');
    expect((await keyed({ name: 'b' })).statusCode).toBe(201);
  });
});
