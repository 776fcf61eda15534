/** Applications and limited keys over HTTP: who gets in with what, and what is refused with which sentence. */
import type { FastifyInstance } from 'fastify';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Context } from '../../platform/context.ts';
import { createHttpApp } from '../../platform/http/app.ts';
import { createRoutes } from '../../platform/http/routes.ts';
import { createLog } from '../../platform/log.ts';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { type TestPlatform, testContext, testPlatform } from '../../platform/testkit/platform.ts';
import { registerAudit } from '../audit/index.ts';
import {
  createAuthenticator,
  createKeyring,
  createVerifiedUser,
  type Keyring,
  people,
  registerIdentity,
  setOrganizationStatus,
} from './index.ts';

let db: TestDatabase;
let platform: TestPlatform;
let context: Context;
let app: FastifyInstance;
let keyring: Keyring;
let owner: { bearer: string; userId: string; organizationId: string };
let admin: { bearer: string };
let count = 0;
const password = 'correct horse battery';
const announced: { apiKeyId: string; spendCaps: unknown }[] = [];

beforeAll(async () => {
  db = await createTestDatabase();
  platform = testPlatform(db, {
    config: { publicUrl: 'https://sluice.example', trustedProxies: ['127.0.0.1'] },
  });
  const { announce } = platform.events;
  platform.events.announce = async (at, transaction, event, payload) => {
    if (event.name === 'api_key.limits_changed') announced.push(payload as never);
    await announce.call(platform.events, at, transaction, event, payload);
  };
  context = testContext(platform);
  keyring = createKeyring(platform);
  await platform.notifications.start(db.url);
  const { config, clocks } = platform;
  app = await createHttpApp({ config, clocks, log: createLog('silent') });
  const routes = createRoutes(app, {
    platform,
    authenticate: createAuthenticator(platform, keyring),
  });
  registerIdentity(routes, platform);
  registerAudit(routes, people);
  await app.listen({ host: '127.0.0.1', port: 0 });
  const operator = await person('operator@example.com');
  await sql`
    update identity_users
    set platform_role = 'admin'
    where id = ${operator.userId}
  `.execute(db.database);
  admin = operator;
});
beforeEach(async () => {
  count += 1;
  owner = await person(`owner${count}@example.com`);
});
afterAll(async () => {
  await app.close();
  await keyring.close();
  await platform.notifications.close();
  await db.close();
});

async function call(method: string, url: string, bearer: string, payload?: object, ip?: string) {
  const response = await app.inject({
    method: method as 'GET',
    url: `/api/v1${url}`,
    headers: { authorization: `Bearer ${bearer}`, ...(ip ? { 'x-forwarded-for': ip } : {}) },
    ...(payload ? { payload } : {}),
  });
  const body = response.body === '' ? undefined : response.json();
  return { status: response.statusCode, body, code: body?.error?.code, headers: response.headers };
}

async function person(email: string) {
  const made = await createVerifiedUser(context, { email, name: 'Ada', password });
  if (!made) throw new Error(`${email} is taken`);
  const { body } = await call('POST', '/auth/login', '', { login: email, password });
  return { ...made, bearer: body.access_token as string };
}

async function makeApplication() {
  const slug = `app-${count}`;
  const made = await call('POST', '/admin/applications', admin.bearer, { slug, name: 'Medical' });
  const keys = `/admin/applications/${made.body.id}/keys`;
  const key = await call('POST', keys, admin.bearer, { name: 'production' });
  return { id: made.body.id as string, slug, keys, key: key.body };
}

describe('applications', () => {
  test('get in with a key until it is revoked or the application is archived', async () => {
    const { id, keys, key } = await makeApplication();
    expect(key.key).toMatch(/^ak-/);
    const ask = () => call('GET', '/access/subjects', key.key);
    expect((await ask()).status).toBe(200);
    await call('PATCH', `/admin/applications/${id}`, admin.bearer, { status: 'archived' });
    await expect.poll(async () => (await ask()).code).toBe('forbidden');
    await call('PATCH', `/admin/applications/${id}`, admin.bearer, { status: 'active' });
    await expect.poll(async () => (await ask()).status).toBe(200);
    await call('DELETE', `${keys}/${key.id}`, admin.bearer);
    await expect.poll(async () => (await ask()).code).toBe('api_key_invalid');
    const listed = await call('GET', keys, admin.bearer);
    expect(listed.body.data).toMatchObject([{ id: key.id, status: 'revoked' }]);
    expect(JSON.stringify(listed.body)).not.toContain(key.key);
  });

  test('may not do what people do, nor people what they do', async () => {
    const { key, slug } = await makeApplication();
    expect((await call('GET', '/api-keys', key.key)).code).toBe('forbidden');
    expect((await call('GET', '/access/subjects', owner.bearer)).code).toBe('forbidden');
    const twice = await call('POST', '/admin/applications', admin.bearer, { slug, name: 'Again' });
    expect(twice.code).toBe('already_exists');
  });
});

describe('registerSubject', () => {
  test('makes one organization for a customer, also when asked twice at once', async () => {
    const { key } = await makeApplication();
    const ask = () => call('PUT', '/access/subjects/customer-42', key.key, { name: 'Hospital' });
    const [one, other] = await Promise.all([ask(), ask()]);
    expect(one.status).toBe(200);
    expect(other.body).toEqual(one.body);
    expect((await call('GET', '/access/subjects/customer-42', key.key)).body).toEqual(one.body);
    const { rows } = await sql`
      select id, name, personal_user_id from identity_organizations where name = 'Hospital'
    `.execute(db.database);
    expect(rows).toEqual([{ id: one.body.organization, name: 'Hospital', personal_user_id: null }]);
    await call('DELETE', '/access/subjects/customer-42', key.key);
    const gone = await call('GET', '/access/subjects/customer-42', key.key);
    expect(gone.code).toBe('subject_unknown');
  });

  test('takes a member of an organization, and no stranger', async () => {
    const { key } = await makeApplication();
    const stranger = await person(`stranger${count}@example.com`);
    const organization = owner.organizationId;
    const put = (user: string) =>
      call('PUT', '/access/subjects/ada', key.key, { organization, user });
    expect((await put(stranger.userId)).code).toBe('rule_violated');
    expect((await put(owner.userId)).body).toMatchObject({ organization, user: owner.userId });
  });
});

describe('API keys', () => {
  const limits = {
    ip_allowlist: ['203.0.113.0/24', '2001:db8::/32'],
    rate_limits: { rpm: 60, tpm: null, concurrency: 5 },
    spend_caps: { day: '1.50', month: '20.00', total: null },
    tags: ['team:research'],
  };

  test('keep their limits, and what is left out of a change stays', async () => {
    const made = await call('POST', '/api-keys', owner.bearer, { name: 'k', ...limits });
    expect(made.body).toMatchObject(limits);
    expect(announced.at(-1)).toMatchObject({
      apiKeyId: made.body.id,
      spendCaps: { day: '1.50', month: '20.00', total: null },
    });
    const change = { spend_caps: { day: null }, rate_limits: { rpm: 10 } };
    const changed = await call('PATCH', `/api-keys/${made.body.id}`, owner.bearer, change);
    expect(changed.body).toMatchObject({
      ...limits,
      rate_limits: { rpm: 10, tpm: null, concurrency: 5 },
      spend_caps: { day: null, month: '20.00', total: null },
    });
    expect(announced.at(-1)?.spendCaps).toEqual({ day: null, month: '20.00', total: null });
    await call('DELETE', `/api-keys/${made.body.id}`, owner.bearer);
    expect(announced.at(-1)).toMatchObject({
      apiKeyId: made.body.id,
      spendCaps: { day: null, month: null, total: null },
    });
  });

  test.each([
    [{ ip_allowlist: ['10.0.0.0/40'] }],
    [{ ip_allowlist: ['localhost'] }],
    [{ tags: ['two words'] }],
    [{ spend_caps: { day: '-1' } }],
    [{ rate_limits: { rpm: 0 } }],
  ])('take no limits such as %j', async (bad) => {
    const answer = await call('POST', '/api-keys', owner.bearer, { name: 'k', ...bad });
    expect(answer.code).toBe('malformed');
  });

  test('work from their addresses only, as trusted proxies tell them', async () => {
    const { body } = await call('POST', '/api-keys', owner.bearer, { name: 'k', ...limits });
    const callFrom = (ip: string) => call('POST', '/api-keys', body.key, { name: 'x' }, ip);
    expect((await callFrom('198.51.100.1')).code).toBe('ip_not_allowed');
    expect((await callFrom('203.0.113.9')).code).toBe('forbidden');
    expect((await callFrom('2001:db8::5')).code).toBe('forbidden');
  });

  test('of one application are refused elsewhere', async () => {
    const { id, slug } = await makeApplication();
    const wish = { name: 'k', application: slug };
    const { body } = await call('POST', '/api-keys', owner.bearer, wish);
    expect(body.application).toBe(id);
    const answer = await call('GET', '/api-keys', body.key);
    expect(answer.body.error.message).toContain('one application');
  });

  test('are rotated: the old secret works until the grace is over', async () => {
    const { body } = await call('POST', '/api-keys', owner.bearer, { name: 'k' });
    const path = `/api-keys/${body.id}/rotate`;
    const rotated = await call('POST', path, owner.bearer, { grace_seconds: 3600 });
    expect(rotated.status).toBe(200);
    expect(rotated.body.key).not.toBe(body.key);
    const oldKey = await keyring.find(body.key);
    expect(oldKey?.expiresAt?.toISOString()).toBe(rotated.body.previous_expires_at);
    expect(await keyring.find(rotated.body.key)).toMatchObject({
      apiKeyId: body.id,
      expiresAt: null,
    });
    const again = await call('POST', path, owner.bearer, { grace_seconds: 0 });
    await expect.poll(() => keyring.find(body.key)).toBeUndefined();
    // Each secret is forgotten by a notification of its own.
    await expect
      .poll(async () => (await call('GET', '/api-keys', rotated.body.key)).code)
      .toBe('api_key_expired');
    expect((await call('GET', '/api-keys', again.body.key)).code).toBe('forbidden');
  });

  test('of an organization that owes work until the days of grace are over', async () => {
    const { body } = await call('POST', '/api-keys', owner.bearer, { name: 'k' });
    await setOrganizationStatus(context, { id: owner.organizationId, status: 'past_due' });
    await expect
      .poll(async () => (await keyring.find(body.key))?.organizationPastDueSince)
      .not.toBeNull();
    expect((await call('GET', '/api-keys', body.key)).code).toBe('forbidden');
    await sql`
      update identity_organizations
      set past_due_since = past_due_since - interval '8 days'
      where id = ${owner.organizationId}
    `.execute(db.database);
    await setOrganizationStatus(context, { id: owner.organizationId, status: 'past_due' });
    await expect
      .poll(async () => (await call('GET', '/api-keys', body.key)).code)
      .toBe('organization_past_due');
  });
});

describe('what others need of people', () => {
  test('members are shown to those who manage the organization', async () => {
    const path = `/organizations/${owner.organizationId}/members`;
    const { body } = await call('GET', path, owner.bearer);
    expect(body.data).toMatchObject([{ id: owner.userId, role: 'owner', name: 'Ada' }]);
    expect((await call('GET', path, admin.bearer)).status).toBe(404);
  });

  test('an application checks our tokens by itself', async () => {
    const { port } = app.server.address() as { port: number };
    const url = new URL(`http://127.0.0.1:${port}/.well-known/jwks.json`);
    const { payload } = await jwtVerify(owner.bearer, createRemoteJWKSet(url), {
      issuer: 'https://sluice.example',
      audience: 'https://sluice.example',
      currentDate: platform.clocks.wall(),
    });
    expect(payload).toMatchObject({ sub: owner.userId, organization: owner.organizationId });
    const cached = (await fetch(url)).headers.get('cache-control');
    expect(cached).toBe('public, max-age=300');
  });

  test('an address that asks for too many mails waits, and no other', async () => {
    const ask = (ip: string) =>
      call('POST', '/auth/forgot-password', '', { email: 'nobody@example.com' }, ip);
    for (let asked = 0; asked < 30; asked += 1) {
      expect((await ask('198.51.100.7')).status).toBe(202);
    }
    const refused = await ask('198.51.100.7');
    expect(refused.code).toBe('too_many_requests');
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect((await ask('198.51.100.8')).status).toBe(202);
  });
});
