/**
 * Walks over every operation of `openapi.json` on a whole server: each is served; each lets in whom the authorization
 * table says and nobody else; none shows or changes another organization's record; none takes bad input.
 */

import { endpoints, type Operation } from '@sluice/contract';
import { allowsPerson, authorization } from '@sluice/contract/authorization';
import type { Endpoint } from '@sluice/contract/endpoint';
import openApi from '@sluice/contract/openapi.json' with { type: 'json' };
import { organizationRoles, platformRoles } from '@sluice/contract/permissions';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createPackage } from './domains/catalog/index.ts';
import {
  createApiKey,
  createApplication,
  createApplicationKey,
  createVerifiedUser,
} from './domains/identity/index.ts';
import { recordManualPayment } from './domains/invoicing/index.ts';
import {
  type Deployment,
  openDeployment,
  openServer,
  openServices,
  type Server,
  type Services,
} from './main.ts';
import { readConfig } from './platform/config.ts';
import { inTransaction } from './platform/context.ts';
import { newId } from './platform/ids.ts';
import { createLog } from './platform/log.ts';
import { createTestDatabase, type TestDatabase } from './platform/testkit/database.ts';

const password = 'correct horse battery';

/** Who calls: the headers that say so. */
type Headers = Record<string, string>;
const callers: Record<string, Headers> = {};

let db: TestDatabase;
let deployment: Deployment;
let services: Services;
let server: Server;
let organizationId: string;
/** Ids of records that another organization owns, by the parameter's place. */
let foreign: {
  organization: string;
  apiKey: string;
  payment: string;
  invoice: string;
  request: string;
};
let packageId: string;

beforeAll(async () => {
  db = await createTestDatabase();
  const config = {
    ...readConfig({}),
    secretKey: 'a secret of the tests, longer than 32 characters',
    databaseUrl: db.url,
  };
  deployment = await openDeployment(config, db.url, createLog('silent'));
  services = await openServices(deployment);
  server = await openServer(deployment, services, { webDirectory: '/nowhere' });
  await makePeople();
});

afterAll(async () => {
  await server.close();
  await deployment.close();
  await db.close();
});

async function makePeople(): Promise<void> {
  const context = deployment.context();
  callers.anonymous = {};
  const own = await makeUser('owner');
  organizationId = own.organizationId;
  for (const role of Object.keys(organizationRoles)) {
    const userId = role === 'owner' ? own.userId : (await makeUser(role)).userId;
    await sql`
      insert into identity_members (organization_id, user_id, role, created_at)
      values (${organizationId}, ${userId}, ${role}, ${context.clocks.wall()})
      on conflict (user_id, organization_id) do nothing
    `.execute(db.database);
    callers[`organization ${role}`] = await signIn(`${role}@example.com`, organizationId);
  }
  for (const role of Object.keys(platformRoles)) {
    const { userId } = await makeUser(`platform-${role}`);
    await sql`update identity_users set platform_role = ${role} where id = ${userId}`.execute(
      db.database,
    );
    callers[`platform ${role}`] = await signIn(`platform-${role}@example.com`);
  }
  const key = await makeKey(own);
  callers['API key'] = { authorization: `Bearer ${key.secret}` };
  callers.application = { authorization: `Bearer ${await makeApplicationKey()}` };
  packageId = (
    await createPackage(context, {
      name: 'Starter',
      price: '5',
      duration_days: 3,
      daily_limit: '1',
    })
  ).id;
  foreign = await makeForeign();
}

async function makeUser(name: string) {
  const made = await createVerifiedUser(deployment.context(), {
    email: `${name}@example.com`,
    name,
    password,
  });
  if (!made) throw new Error(`${name} is there already`);
  return made;
}

async function makeApplicationKey(): Promise<string> {
  const context = deployment.context();
  const application = await inTransaction(context, (transaction) =>
    createApplication(context, transaction, { slug: 'walk', name: 'Walk', description: null }),
  );
  const command = { applicationId: application.id, name: 'key' };
  return (await createApplicationKey(context, command)).secret;
}

async function makeKey({ userId, organizationId }: { userId: string; organizationId: string }) {
  const command = { userId, organizationId, name: 'key', expiresAt: null, allowedModels: null };
  return createApiKey(deployment.context(), command);
}

async function signIn(login: string, organization?: string): Promise<Headers> {
  const answer = await server.app.inject({
    method: 'POST',
    url: '/api/v1/auth/login',
    payload: { login, password },
  });
  expect(answer.statusCode).toBe(200);
  return {
    authorization: `Bearer ${answer.json().access_token}`,
    ...(organization === undefined ? {} : { 'sluice-organization': organization }),
  };
}

async function makeForeign(): Promise<typeof foreign> {
  const context = deployment.context();
  const stranger = await makeUser('stranger');
  const key = await makeKey(stranger);
  const payment = await recordManualPayment(context, {
    organizationId: stranger.organizationId,
    amount: '10.00',
    currency: 'USD',
    invoiceId: undefined,
    note: 'Cash',
  });
  const at = deployment.platform.clocks.business();
  const request = newId('req', at);
  const price = await makePrice();
  const shared = {
    requestId: request,
    organizationId: stranger.organizationId,
    apiKeyId: key.id,
    userId: null,
    costCenterId: null,
    applicationId: null,
    meters: [],
    model: 'walk',
    priceId: price,
    authorizedAt: at,
  };
  const usage = {
    inputTokens: 1,
    cachedInputTokens: 0,
    cacheWriteTokens: 0,
    outputTokens: 1,
    reasoningTokens: 0,
    estimated: false,
  };
  const expiresAt = new Date(at.getTime() + 60_000);
  await services.access.authorize({
    ...shared,
    worstCase: 5n,
    minimum: 5n,
    tokens: 2,
    expiresAt,
    durable: true,
  });
  await services.access.settle({
    ...shared,
    channel: null,
    tags: [],
    amount: 5n,
    usage,
    outcome: 'completed',
    latencyMs: 1,
    firstTokenMs: null,
  });
  return {
    organization: stranger.organizationId,
    apiKey: key.id,
    payment: payment.id,
    invoice: payment.invoiceId,
    request,
  };
}

async function makePrice(): Promise<string> {
  const answer = await server.app.inject({
    method: 'POST',
    url: '/api/v1/admin/models',
    headers: callers['platform admin'] ?? {},
    payload: { model: 'walk', prices: { input: '1', output: '1' } },
  });
  return answer.json().id;
}

interface Sent {
  params?: Record<string, string>;
  body?: unknown;
  headers?: Headers;
}

/** Questions that must say what they are about. */
const requiredQueries: Partial<Record<string, string>> = { getMeterUsage: 'meter=requests' };

function send(endpoint: Endpoint, { params = {}, body, headers = {} }: Sent) {
  const url = endpoint.path.replace(/\{(\w+)\}/g, (_all, name: string) => params[name] ?? 'none');
  const hasBody = endpoint.method !== 'GET' && endpoint.method !== 'DELETE';
  const query = requiredQueries[endpoint.operation];
  return server.app.inject({
    method: endpoint.method,
    url: query === undefined ? url : `${url}?${query}`,
    headers: { ...(hasBody ? { 'content-type': 'application/json' } : {}), ...headers },
    ...(hasBody ? { payload: typeof body === 'string' ? body : JSON.stringify(body ?? {}) } : {}),
  });
}

/** Operations that sign the caller out, or that only a provider calls. */
const apart = new Set(['logout', 'receivePaymentNotification', 'receivePaymentNotificationPost']);
const walked = endpoints.filter(({ operation }) => !apart.has(operation));

describe('every operation', () => {
  test('of openapi.json is served, and nothing else is', () => {
    const described = Object.values(openApi.paths).flatMap((path) =>
      Object.values(path as Record<string, { operationId: string }>).map(
        ({ operationId }) => operationId,
      ),
    );
    expect([...server.served].sort()).toEqual(described.sort());
    expect(Object.keys(authorization).sort()).toEqual(described.sort());
  });

  test.each(
    endpoints
      .filter(({ example }) => example !== undefined)
      .map((endpoint) => [endpoint.operation, endpoint] as const),
  )('%s has an example that its schema takes', (_operation, endpoint) => {
    expect(endpoint.body?.safeParse(endpoint.example).error).toBeUndefined();
  });

  test.each(walked.map((endpoint) => [endpoint.operation, endpoint] as const))(
    '%s lets in whom the table names and nobody else',
    async (operation, endpoint) => {
      const rule = authorization[operation as Operation];
      for (const [who, headers] of Object.entries(callers)) {
        const answer = await send(endpoint, {
          headers,
          params: { id: 'none', provider: 'none', request_id: 'none' },
        });
        const isLetIn = answer.statusCode !== 401 && answer.statusCode !== 403;
        const isCredential = ['invalid_credentials', 'token_invalid'].includes(
          answer.body === '' ? undefined : answer.json().error?.code,
        );
        expect(`${who}: ${isLetIn || isCredential}`).toBe(`${who}: ${mayCall(rule, who)}`);
      }
    },
  );
});

function mayCall(rule: (typeof authorization)[Operation], who: string): boolean {
  if (rule.anyone) return true;
  if (who === 'anonymous') return false;
  if (who === 'API key') return rule.apiKey;
  if (who === 'application') return rule.application;
  const [kind, role = ''] = who.split(' ');
  if (rule.person) return true;
  // An operator is also the owner of an organization of their own.
  const permissions = organizationRoles[kind === 'platform' ? 'owner' : (role as 'owner')];
  const platformPermissions = kind === 'platform' ? platformRoles[role as 'admin'] : [];
  return allowsPerson(rule, { permissions, platformPermissions });
}

describe('another organization', () => {
  test('cannot be acted in', async () => {
    const headers = {
      ...callers['organization owner'],
      'sluice-organization': foreign.organization,
    };
    const answer = await server.app.inject({
      method: 'GET',
      url: '/api/v1/billing/wallet',
      headers,
    });
    expect(answer.statusCode).toBe(404);
  });

  test.each([
    ['getOrganization', 'organization'],
    ['updateOrganization', 'organization'],
    ['updateApiKey', 'apiKey'],
    ['revokeApiKey', 'apiKey'],
    ['getPayment', 'payment'],
    ['getInvoice', 'invoice'],
    ['getReceipt', 'request'],
  ] as const)(
    'keeps %s from strangers: 404, as for an id that does not exist',
    async (operation, kind) => {
      const endpoint = endpoints.find((one) => one.operation === operation) as Endpoint;
      const ask = (id: string) =>
        send(endpoint, {
          params: { id, request_id: id },
          headers: callers['organization owner'] ?? {},
          body: { name: 'mine now' },
        });
      const answer = await ask(foreign[kind]);
      expect(answer.statusCode).toBe(404);
      const unknown = await ask(`${foreign[kind].slice(0, -4)}zzzz`);
      expect(unknown.statusCode).toBe(404);
      expect(unknown.json().error.message).toBe(answer.json().error.message);
    },
  );

  test('appears in no list', async () => {
    const lists = walked.filter(
      ({ method, path, operation }) =>
        method === 'GET' &&
        !path.includes('{') &&
        !path.includes('/admin/') &&
        authorization[operation as Operation].permission !== undefined,
    );
    expect(lists.length).toBeGreaterThan(8);
    for (const endpoint of lists) {
      const answer = await send(endpoint, { headers: callers['organization owner'] ?? {} });
      expect(answer.statusCode, endpoint.operation).toBe(200);
      for (const id of Object.values(foreign))
        expect(answer.body, endpoint.operation).not.toContain(id);
    }
  });
});

/** Every table's number of rows but those that count failures and sessions. */
async function countRows(): Promise<Record<string, string>> {
  const { rows } = await sql<{ name: string }>`
    select tablename as name from pg_tables where schemaname = 'public'
    order by tablename
  `.execute(db.database);
  const counts: Record<string, string> = {};
  for (const { name } of rows.filter(
    (row) =>
      !/attempts$|sessions|refresh|signing|migrations/.test(row.name) ||
      row.name === 'payments_attempts',
  )) {
    const found = await sql<{
      count: bigint;
    }>`select count(*) as count from ${sql.table(name)}`.execute(db.database);
    counts[name] = String(found.rows[0]?.count);
  }
  return counts;
}

const badAmounts = [
  '-1',
  'NaN',
  '1e3',
  '0.0000000001',
  '1'.repeat(16),
  '１０',
  '',
  ' 5',
  '+5',
  '0x10',
  1e21,
  -1,
  null,
  {},
  [],
];
const badNumbers = [{}, [], 'x'.repeat(10_000), 1.5, 9e15, '\u0000', true];

describe('bad input', () => {
  const withBody = walked.filter(
    ({ body, operation }) => body !== undefined && !/^(login|refreshSession)$/.test(operation),
  );
  const paramsOf = (endpoint: Endpoint) => ({
    id: endpoint.path.includes('packages') ? packageId : 'none',
    provider: 'credit',
  });
  const callerOf = (endpoint: Endpoint): Headers => {
    const rule = authorization[endpoint.operation as Operation];
    if (rule.platformPermission) return callers['platform admin'] ?? {};
    const isOwners = rule.anyone || rule.person || rule.permission;
    return callers[isOwners ? 'organization owner' : 'application'] ?? {};
  };
  const ask = (endpoint: Endpoint, body: unknown) =>
    send(endpoint, { params: paramsOf(endpoint), headers: callerOf(endpoint), body });

  test.each(withBody.map((endpoint) => [endpoint.operation, endpoint] as const))(
    '%s refuses it with a sentence, and changes nothing',
    async (_operation, endpoint) => {
      const before = await countRows();
      const example = (endpoint.example ?? {}) as Record<string, unknown>;
      const bodies: unknown[] = ['{', '[]', '"text"', '{"a":1}{', { ...example, no_such_field: 1 }];
      for (const [field, value] of Object.entries(example)) {
        const isAmount = /amount|price$|limit|prices/.test(field) && typeof value !== 'object';
        for (const bad of isAmount ? badAmounts : badValuesFor(value))
          bodies.push({ ...example, [field]: bad });
      }
      if ('prices' in example) {
        for (const bad of badAmounts) {
          bodies.push({ ...example, prices: { input: bad, output: '1' } });
        }
      }
      for (const body of bodies) {
        const answer = await ask(endpoint, body);
        const shown = `${JSON.stringify(body).slice(0, 200)} → ${answer.statusCode} ${answer.body.slice(0, 200)}`;
        expect(answer.statusCode, shown).toBeGreaterThanOrEqual(400);
        expect(answer.statusCode, shown).toBeLessThan(500);
        expect(answer.json().error.message.length, shown).toBeGreaterThan(10);
      }
      expect(await countRows()).toEqual(before);
    },
  );

  /** Values of another kind than the example's. */
  function badValuesFor(value: unknown): unknown[] {
    if (typeof value === 'string') return [{}, [], 1.5, true, 'x'.repeat(10_000)];
    if (typeof value === 'number') return badNumbers;
    if (typeof value === 'boolean') return ['text', 1, {}];
    return ['text', 1, true];
  }

  test('a body beyond the limit is 413', async () => {
    for (const endpoint of withBody) {
      const answer = await ask(endpoint, { filler: 'x'.repeat(endpoint.bodyBytesMax ?? 300_000) });
      expect(answer.statusCode, endpoint.operation).toBe(413);
    }
  });

  test('every list refuses a wrong limit, cursor or unknown filter', async () => {
    for (const endpoint of walked.filter(
      ({ method, query }) => method === 'GET' && query !== undefined,
    )) {
      const url = endpoint.path.replace(/\{\w+\}/g, 'none');
      for (const query of ['limit=0', 'limit=201', 'limit=x', 'no_such=1']) {
        const answer = await server.app.inject({
          method: 'GET',
          url: `${url}?${query}`,
          headers: callerOf(endpoint),
        });
        expect(answer.statusCode, `${url}?${query}`).toBe(400);
      }
      for (const cursor of ['%00', 'bm90IG91cnM', '%F0%9F%92%A9', 'x'.repeat(600)]) {
        const answer = await server.app.inject({
          method: 'GET',
          url: `${url}?cursor=${cursor}`,
          headers: callerOf(endpoint),
        });
        expect(answer.statusCode, `${url}?cursor=${cursor} ${answer.body}`).toBeLessThan(500);
      }
    }
  });

  test('unknown ids are 404 with a sentence', async () => {
    for (const endpoint of walked.filter(
      ({ path, method }) => path.includes('{') && method === 'GET',
    )) {
      const answer = await send(endpoint, {
        params: { id: 'none', provider: 'none', request_id: 'none' },
        headers: callerOf(endpoint),
      });
      expect(answer.statusCode, `${endpoint.operation} ${answer.body}`).toBe(404);
    }
  });
});
