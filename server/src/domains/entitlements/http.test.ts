/** What operators set over HTTP, and what the process itself knows of it at once. */
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createHttpApp } from '../../platform/http/app.ts';
import { createRoutes } from '../../platform/http/routes.ts';
import { createLog } from '../../platform/log.ts';
import { userCaller } from '../../platform/testkit/callers.ts';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { type TestPlatform, testContext, testPlatform } from '../../platform/testkit/platform.ts';
import {
  createMeterBook,
  createPriceBook,
  type MeterBook,
  registerCatalog,
} from '../catalog/index.ts';
import { createApiKey, createVerifiedUser } from '../identity/index.ts';
import { ledgerListeners } from '../ledger/index.ts';
import {
  createTermsBook,
  entitlementsListeners,
  registerEntitlements,
  type TermsBook,
} from './index.ts';

let db: TestDatabase;
let platform: TestPlatform;
let app: FastifyInstance;
let meters: MeterBook;
let terms: TermsBook;
let organizationId: string;
let userId: string;

const template = `application: { slug: clinic, name: Clinic }
meters:
  - { key: scans, name: Scans, aggregation: count, requires_quota: true }
features:
  - { key: sso, name: SSO }
plans:
  - slug: clinic-basic
    name: Basic
    quotas: [{ meter: scans, window: month, limit: 100 }]
    features: { sso: false }
    models: [gpt-4o-mini]
    rate_limits: { rpm: 60 }
`;

beforeAll(async () => {
  db = await createTestDatabase();
  platform = testPlatform(db, { listeners: [...ledgerListeners, ...entitlementsListeners] });
  const made = await createVerifiedUser(testContext(platform), {
    email: 'owner@clinic.test',
    name: 'Owner',
    password: 'correct horse battery',
  });
  ({ organizationId = '', userId = '' } = made ?? {});
  const { config, clocks } = platform;
  app = await createHttpApp({ config, clocks, log: createLog('silent') });
  const routes = createRoutes(app, {
    platform,
    authenticate: async () => userCaller({ userId, organizationId, platformRole: 'admin' }),
  });
  // Nothing listens here: what is known at once is known without news from the database.
  meters = await createMeterBook(platform);
  terms = createTermsBook(platform);
  const prices = await createPriceBook(platform);
  registerCatalog(routes, { prices, meters }, () => new Set());
  registerEntitlements(routes, terms);
  await app.ready();
});
afterAll(async () => {
  await app.close();
  await db.close();
});

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

async function call(method: Method, path: string, body?: object) {
  const response = await app.inject({
    method,
    url: `/api/v1${path}`,
    ...(body && { payload: body }),
  });
  const { statusCode } = response;
  return { status: statusCode, body: statusCode === 204 ? undefined : response.json() };
}
const own = (path: string) => `/admin/organizations/${organizationId}${path}`;

describe('registering an application', () => {
  test('answers every problem with its line and column', async () => {
    const broken = template.replace('window: month', 'window: week').replace('rpm: 60', 'rpm: 0');
    const refused = await call('POST', '/admin/applications/register', { template: broken });
    expect(refused).toMatchObject({
      status: 422,
      body: {
        error: {
          code: 'template_invalid',
          param: 'template',
          details: [
            { line: 9, message: expect.stringContaining('write one of minute, hour') },
            { line: 12, message: expect.stringContaining('rate_limits.rpm') },
          ],
        },
      },
    });
  });

  test('does nothing with dry_run, and its meters are known at once without it', async () => {
    const path = '/admin/applications/register';
    const dry = await call('POST', `${path}?dry_run=true`, { template });
    expect(dry).toMatchObject({ status: 200, body: { dry_run: true } });
    expect(meters.resolve(null, 'clinic.scans')).toBeUndefined();
    const done = await call('POST', path, { template });
    expect(done.body.changes).toHaveLength(4);
    expect(meters.resolve(null, 'clinic.scans')).toMatchObject({ requiresQuota: true });
  });

  test('offers templates to begin with', async () => {
    const { body } = await call('GET', '/admin/application-templates');
    expect(body.data.map(({ name }: { name: string }) => name)).toContain('medical-analysis');
  });
});

describe('an organization’s plan', () => {
  test('is in its terms at once, and gone at once', async () => {
    expect((await terms.termsOf(organizationId)).plan).toBeNull();
    expect((await call('GET', own('/plan'))).body).toEqual({ plan: null });
    const given = await call('PUT', own('/plan'), { plan: 'clinic-basic' });
    expect(given).toMatchObject({ status: 200, body: { plan: { slug: 'clinic-basic' } } });
    expect(await terms.termsOf(organizationId)).toMatchObject({
      plan: { slug: 'clinic-basic' },
      models: ['gpt-4o-mini'],
      rates: { requestsPerMinute: 60, tokensPerMinute: null },
    });
    expect((await call('DELETE', own('/plan'))).status).toBe(204);
    expect(await terms.termsOf(organizationId)).toMatchObject({ plan: null, models: null });
  });

  test('keeps the version that was given when the plan changes', async () => {
    await call('PUT', own('/plan'), { plan: 'clinic-basic' });
    const { body: changed } = await call('PATCH', '/admin/plans/clinic-basic', {
      rate_limits: { rpm: 5 },
    });
    expect(changed).toMatchObject({ version: 2, rate_limits: { rpm: 5 } });
    expect((await call('GET', own('/plan'))).body.plan).toMatchObject({
      plan: { version: 1 },
      rate_limits: { rpm: 60 },
    });
  });

  test('is not there for an organization or plan that is not', async () => {
    const nobody = await call('PUT', '/admin/organizations/org_none/plan', {
      plan: 'clinic-basic',
    });
    expect(nobody).toMatchObject({ status: 404, body: { error: { param: 'id' } } });
    const nothing = await call('PUT', own('/plan'), { plan: 'no-plan' });
    expect(nothing).toMatchObject({ status: 404, body: { error: { param: 'plan' } } });
  });
});

describe('overrides', () => {
  test('of the organization, a member and a key each limit their own', async () => {
    const { id: apiKeyId } = await createApiKey(testContext(platform), {
      organizationId,
      userId,
      name: 'production',
      expiresAt: null,
      allowedModels: null,
    });
    const limit = { meter: 'clinic.scans', window: 'day', limit: 3 };
    const subjects = [
      { kind: 'organization', id: organizationId },
      { kind: 'member', id: userId },
      { kind: 'api_key', id: apiKeyId },
    ];
    for (const subject of subjects) {
      const { body } = await call('PUT', own('/quotas/overrides'), { subject, ...limit });
      expect(body).toMatchObject({ subject, limit: '3', hard: true, in_force: true });
    }
    const { body } = await call('GET', own('/quotas?limit=200'));
    const daily = body.data.filter(({ window }: { window: string }) => window === 'day');
    expect(daily).toHaveLength(3);
    for (const { id } of daily) {
      expect((await call('DELETE', own(`/quotas/overrides?quota=${id}`))).status).toBe(204);
    }
    const again = await call('DELETE', own(`/quotas/overrides?quota=${daily[0].id}`));
    expect(again.status).toBe(404);
  });

  test('refuse another organization’s member', async () => {
    const other = await createVerifiedUser(testContext(platform), {
      email: 'other@clinic.test',
      name: 'Other',
      password: 'correct horse battery',
    });
    const refused = await call('PUT', own('/quotas/overrides'), {
      subject: { kind: 'member', id: other?.userId },
      meter: 'clinic.scans',
      window: 'day',
      limit: 3,
    });
    expect(refused).toMatchObject({ status: 404, body: { error: { param: 'subject.id' } } });
  });
});

describe('features', () => {
  test('are set, listed and known at once', async () => {
    await call('PUT', own('/plan'), { plan: 'clinic-basic' });
    const { body } = await call('PUT', own('/features'), { features: { 'clinic.sso': true } });
    expect(body.data).toEqual([{ feature: 'clinic.sso', value: true, source: 'override' }]);
    expect((await terms.termsOf(organizationId)).features).toEqual({ 'clinic.sso': true });
    expect((await call('GET', own('/features'))).body).toEqual(body);
  });
});
