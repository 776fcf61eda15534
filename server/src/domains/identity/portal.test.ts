/** Guests whom an application lets into the portal: who comes in, as what, how long, and where not. */
import type { FastifyInstance, InjectOptions } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Context, inTransaction } from '../../platform/context.ts';
import { createHttpApp } from '../../platform/http/app.ts';
import { createRoutes } from '../../platform/http/routes.ts';
import { createLog } from '../../platform/log.ts';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { type TestPlatform, testContext, testPlatform } from '../../platform/testkit/platform.ts';
import {
  createApplication,
  createApplicationKey,
  createAuthenticator,
  createKeyring,
  createVerifiedUser,
  type Keyring,
  listMembers,
  registerIdentity,
} from './index.ts';

let db: TestDatabase;
let platform: TestPlatform;
let context: Context;
let app: FastifyInstance;
let keyring: Keyring;
const keys: Record<string, string> = {};

beforeAll(async () => {
  db = await createTestDatabase();
  platform = testPlatform(db, { config: { publicUrl: 'https://sluice.example' } });
  context = testContext(platform);
  keyring = createKeyring(platform);
  await platform.notifications.start(db.url);
  const { config, clocks } = platform;
  app = await createHttpApp({ config, clocks, log: createLog('silent') });
  const authenticate = createAuthenticator(platform, keyring);
  registerIdentity(createRoutes(app, { platform, authenticate }), platform);
  await app.ready();
  for (const slug of ['shop', 'blog']) {
    const { id: applicationId } = await inTransaction(context, (transaction) =>
      createApplication(context, transaction, { slug, name: `The ${slug}`, description: null }),
    );
    const { secret } = await createApplicationKey(context, { applicationId, name: 'Server' });
    keys[slug] = secret;
  }
});
afterAll(async () => {
  await app.close();
  await keyring.close();
  await platform.notifications.close();
  await db.close();
});

async function ask(options: InjectOptions & { as?: string | undefined }) {
  const { as, headers, ...request } = options;
  const authorization = as === undefined ? {} : { authorization: `Bearer ${as}` };
  const answer = await app.inject({ ...request, headers: { ...headers, ...authorization } });
  return { status: answer.statusCode, body: answer.json(), cookies: answer.cookies };
}
const name = (externalId: string, as = keys.shop) =>
  ask({
    ...{ method: 'PUT', url: `/api/v1/access/subjects/${externalId}`, as },
    payload: { name: 'Acme' },
  });
const link = async (payload: object, as = keys.shop) =>
  ask({ method: 'POST', url: '/api/v1/portal-sessions', as, payload });
const open = (url: string) =>
  ask({
    ...{ method: 'POST', url: '/api/v1/portal-sessions/open' },
    payload: { token: new URL(url).searchParams.get('token') },
  });
const accessOf = ({ cookies }: Awaited<ReturnType<typeof open>>) =>
  cookies.find((cookie) => cookie.name === 'sluice_access')?.value ?? '';

test('lets a customer in once, as who pays, and nowhere else', async () => {
  const { body: subject } = await name('customer-1');
  const made = await link({
    ...{ subject: { external_id: 'customer-1' }, page: 'invoices' },
    return_url: 'https://shop.example/account',
  });
  expect(made).toMatchObject({ status: 201, body: { expires_at: expect.any(String) } });
  const opened = await open(made.body.url);
  expect(opened).toMatchObject({
    status: 200,
    body: {
      ...{ page: 'invoices', return_url: 'https://shop.example/account' },
      application: { name: 'The shop' },
    },
  });
  expect(await open(made.body.url)).toMatchObject({
    status: 422,
    body: { error: { code: 'link_invalid' } },
  });

  const as = accessOf(opened);
  expect(await ask({ method: 'GET', url: '/api/v1/me', as })).toMatchObject({
    body: { organizations: [{ id: subject.organization, name: 'Acme', role: 'billing' }] },
  });
  expect(await ask({ method: 'GET', url: '/api/v1/api-keys', as })).toMatchObject({ status: 403 });
  const other = await createVerifiedUser(context, {
    ...{ email: 'other@example.com', name: 'Other', password: 'correct horse battery' },
  });
  const headers = { 'sluice-organization': other?.organizationId ?? '' };
  const foreign = await ask({ method: 'GET', url: '/api/v1/api-keys', as, headers });
  expect(foreign).toMatchObject({ status: 404 });
});

test('is the same guest each time, whom no list and no sign-in knows', async () => {
  const { body: subject } = await name('customer-2');
  const seen = new Set<string>();
  for (let visit = 0; visit < 2; visit += 1) {
    const { body } = await link({ subject: { organization: subject.organization } });
    const me = await ask({ method: 'GET', url: '/api/v1/me', as: accessOf(await open(body.url)) });
    seen.add(me.body.user.id);
    const login = { login: me.body.user.email, password: '' };
    expect(
      await ask({
        method: 'POST',
        url: '/api/v1/auth/login',
        payload: { ...login, password: 'x' },
      }),
    ).toMatchObject({ status: 401 });
  }
  expect(seen.size).toBe(1);
  expect(await listMembers(db.database, subject.organization)).toEqual([]);
});

test('opens for five minutes, and is over after an hour', async () => {
  await name('customer-3');
  const late = await link({ subject: { external_id: 'customer-3' } });
  platform.clocks.advance('PT5M');
  expect(await open(late.body.url)).toMatchObject({ body: { error: { code: 'link_invalid' } } });

  const { body } = await link({ subject: { external_id: 'customer-3' } });
  const opened = await open(body.url);
  const refresh = opened.cookies.find((cookie) => cookie.name === 'sluice_refresh')?.value;
  platform.clocks.advance('PT1H');
  expect(
    await ask({
      ...{ method: 'POST', url: '/api/v1/auth/refresh' },
      payload: { refresh_token: refresh },
    }),
  ).toMatchObject({ status: 401 });
});

test('is for the application’s own customers, whom it names', async () => {
  const { body: subject } = await name('customer-4');
  for (const strange of [{ external_id: 'customer-4' }, { organization: subject.organization }]) {
    expect(await link({ subject: strange }, keys.blog)).toMatchObject({
      body: { error: { code: 'subject_unknown' } },
    });
  }
  const bad = { subject: { external_id: 'customer-4' }, return_url: 'javascript:alert(1)' };
  expect(await link(bad)).toMatchObject({ status: 400 });
});
