/** Identity over HTTP: who a request is from, what its cookies are worth, and what it may see. */
import type { FastifyInstance, InjectOptions } from 'fastify';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Context } from '../../platform/context.ts';
import { createHttpApp } from '../../platform/http/app.ts';
import { createRoutes } from '../../platform/http/routes.ts';
import { createLog } from '../../platform/log.ts';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { type TestPlatform, testContext, testPlatform } from '../../platform/testkit/platform.ts';
import { registerAudit } from '../audit/index.ts';
import {
  createAdmin,
  createApiKey,
  createAuthenticator,
  createKeyring,
  createVerifiedUser,
  type Keyring,
  registerIdentity,
  setOrganizationStatus,
} from './index.ts';

let db: TestDatabase;
let platform: TestPlatform;
let context: Context;
let app: FastifyInstance;
let keyring: Keyring;
const password = 'correct horse battery';

beforeAll(async () => {
  db = await createTestDatabase();
  platform = testPlatform(db, { config: { publicUrl: 'https://sluice.example' } });
  context = testContext(platform);
  keyring = createKeyring(platform);
  await platform.notifications.start(db.url);
  const { config, clocks } = platform;
  app = await createHttpApp({ config, clocks, log: createLog('silent') });
  const authenticate = createAuthenticator(platform, keyring);
  const routes = createRoutes(app, { platform, authenticate });
  registerIdentity(routes, platform);
  registerAudit(routes);
  await app.ready();
});
afterAll(async () => {
  await app.close();
  await keyring.close();
  await platform.notifications.close();
  await db.close();
});

type Request = InjectOptions & { bearer?: string };

async function call(
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  url: string,
  request: Request = {},
) {
  const { bearer, headers, ...options } = request;
  const authorization = bearer === undefined ? {} : { authorization: `Bearer ${bearer}` };
  const response = await app.inject({
    method,
    url,
    headers: { ...authorization, ...headers },
    ...options,
  });
  return {
    status: response.statusCode,
    body: response.body === '' ? undefined : response.json(),
    headers: response.headers,
    cookies: response.cookies,
  };
}

async function person(email: string) {
  const made = await createVerifiedUser(context, { email, name: 'Ada', password });
  if (!made) throw new Error(`${email} is taken`);
  const { body, cookies } = await call('POST', '/api/v1/auth/login', {
    payload: { login: email, password },
  });
  const [access, refresh] = ['sluice_access', 'sluice_refresh'].map(
    (name) => cookies.find((cookie) => cookie.name === name)?.value ?? '',
  );
  return {
    ...made,
    bearer: body.access_token as string,
    refreshToken: body.refresh_token as string,
    cookies: { sluice_access: access ?? '', sluice_refresh: refresh ?? '' },
  };
}

async function operator(email: string) {
  await createAdmin(context, { email, password });
  const { body } = await call('POST', '/api/v1/auth/login', {
    payload: { login: email, password },
  });
  return { bearer: body.access_token as string };
}

async function join(organizationId: string, userId: string, role: string): Promise<void> {
  await sql`
    insert into identity_members (organization_id, user_id, role, created_at)
    values (${organizationId}, ${userId}, ${role}, ${platform.clocks.wall()})
  `.execute(db.database);
}

describe('signing in', () => {
  test('sets cookies that scripts and other sites cannot use', async () => {
    await createVerifiedUser(context, { email: 'cookies@example.com', name: 'Ada', password });
    const { status, body, cookies } = await call('POST', '/api/v1/auth/login', {
      payload: { login: 'cookies@example.com', password },
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 900 });
    expect(cookies).toEqual([
      expect.objectContaining({
        name: 'sluice_access',
        path: '/',
        httpOnly: true,
        secure: true,
        sameSite: 'Lax',
        maxAge: 900,
      }),
      expect.objectContaining({
        name: 'sluice_refresh',
        path: '/api/v1/auth',
        httpOnly: true,
        secure: true,
        sameSite: 'Lax',
      }),
    ]);
  });

  test('works beside a cookie that is stale', async () => {
    const { cookies } = await person('stale@example.com');
    const { status } = await call('POST', '/api/v1/auth/login', {
      cookies,
      payload: { login: 'stale@example.com', password },
    });
    expect(status).toBe(200);
  });

  test('answers whoever guesses too often with the time to wait', async () => {
    await createVerifiedUser(context, { email: 'guessed@example.com', name: 'Ada', password });
    const guess = () =>
      call('POST', '/api/v1/auth/login', {
        payload: { login: 'guessed@example.com', password: 'wrong' },
        remoteAddress: '198.51.100.1',
      });
    for (let index = 0; index < 5; index += 1) expect((await guess()).status).toBe(401);
    const { status, headers, body } = await guess();
    expect(status).toBe(429);
    expect(body.error.code).toBe('too_many_requests');
    expect(headers['retry-after']).toBe('1');
  });
});

describe('refreshing', () => {
  const sameOrigin = { 'sec-fetch-site': 'same-origin' };

  test('takes the token from the body or, from our own pages, from the cookie', async () => {
    const { refreshToken } = await person('refresh@example.com');
    const first = await call('POST', '/api/v1/auth/refresh', {
      payload: { refresh_token: refreshToken },
    });
    expect(first.status).toBe(200);
    const second = await call('POST', '/api/v1/auth/refresh', {
      cookies: { sluice_refresh: first.body.refresh_token },
      headers: sameOrigin,
    });
    expect(second.status).toBe(200);
    expect(second.cookies.map(({ name }) => name)).toEqual(['sluice_access', 'sluice_refresh']);
  });

  test('refuses a cookie that another site made the browser send', async () => {
    const { cookies } = await person('forged@example.com');
    const { status, body } = await call('POST', '/api/v1/auth/refresh', {
      cookies,
      headers: { 'sec-fetch-site': 'same-site', origin: 'https://evil.sluice.example' },
    });
    expect(status).toBe(403);
    expect(body.error.code).toBe('cross_site_request');
  });

  test('takes the cookies away with a session that is over', async () => {
    const { cookies } = await call('POST', '/api/v1/auth/refresh', {
      cookies: { sluice_refresh: 'srt_dead' },
      headers: sameOrigin,
    });
    expect(cookies.map(({ name, value }) => [name, value])).toEqual([
      ['sluice_access', ''],
      ['sluice_refresh', ''],
    ]);
  });

  test('without any token it is no session', async () => {
    const { status, body } = await call('POST', '/api/v1/auth/refresh', {});
    expect(status).toBe(401);
    expect(body.error.code).toBe('token_invalid');
  });

  test('is over after signing out, and so is the access token', async () => {
    const { bearer, cookies } = await person('leaving@example.com');
    const left = await call('POST', '/api/v1/auth/logout', { cookies, headers: sameOrigin });
    expect(left.status).toBe(204);
    expect((await call('GET', '/api/v1/me', { bearer })).body.error.code).toBe('token_invalid');
    const { status } = await call('GET', '/api/v1/me', { cookies });
    expect(status).toBe(401);
  });
});

describe('who calls', () => {
  test('nobody, without credentials', async () => {
    const { status, body } = await call('GET', '/api/v1/me');
    expect(status).toBe(401);
    expect(body.error.code).toBe('unauthenticated');
  });

  test.each(['Bearer nonsense', 'Bearer', 'Basic YWRhOnB3', 'bearer a.b.c'])(
    'not "%s"',
    async (authorization) => {
      const { status, body } = await call('GET', '/api/v1/me', { headers: { authorization } });
      expect(status).toBe(401);
      expect(body.error.code).toBe('token_invalid');
    },
  );

  test('a person, by token or cookie', async () => {
    const { bearer, cookies, userId } = await person('who@example.com');
    for (const credentials of [{ bearer }, { cookies }]) {
      const { status, body } = await call('GET', '/api/v1/me', credentials);
      expect(status).toBe(200);
      expect(body.user.id).toBe(userId);
      expect(body.organizations).toEqual([
        expect.objectContaining({ role: 'owner', personal: true }),
      ]);
    }
  });

  test('a suspended person is told so', async () => {
    const { bearer, userId } = await person('suspended@example.com');
    await sql`update identity_users set status = 'suspended' where id = ${userId}`.execute(
      db.database,
    );
    const { status, body } = await call('GET', '/api/v1/me', { bearer });
    expect(status).toBe(403);
    expect(body.error.code).toBe('user_suspended');
  });

  test.each([
    [{ 'sec-fetch-site': 'same-origin' }, 200],
    [{ origin: 'https://sluice.example' }, 200],
    [{ origin: 'http://localhost:9000', host: 'localhost:9000' }, 200],
    [{ 'sec-fetch-site': 'cross-site', origin: 'https://sluice.example' }, 403],
    [{ 'sec-fetch-site': 'same-site' }, 403],
    [{ 'sec-fetch-site': 'none' }, 403],
    [{ origin: 'https://evil.example' }, 403],
    [{ origin: 'null' }, 403],
    [{}, 403],
  ])('a change with a cookie and %o is answered %i', async (headers, expected) => {
    const { cookies } = await anyone();
    const { status, body } = await call('PATCH', '/api/v1/me', {
      cookies,
      headers,
      payload: { name: 'Grace' },
    });
    expect(status).toBe(expected);
    if (expected === 403) expect(body.error.code).toBe('cross_site_request');
  });

  test('a token needs no such proof, also beside a cookie', async () => {
    const { cookies, bearer } = await anyone();
    const { status } = await call('PATCH', '/api/v1/me', {
      cookies,
      bearer,
      headers: { origin: 'https://evil.example' },
      payload: { name: 'Grace' },
    });
    expect(status).toBe(200);
  });

  let shared: Awaited<ReturnType<typeof person>> | undefined;
  async function anyone() {
    shared ??= await person('anyone@example.com');
    return shared;
  }
});

describe('the acting organization', () => {
  test('is the person’s own, or the one of the header, with the role there', async () => {
    const owner = await person('owner@example.com');
    const member = await person('member@example.com');
    await join(owner.organizationId, member.userId, 'billing');
    const headers = { 'sluice-organization': owner.organizationId };
    const own = await call('GET', '/api/v1/api-keys', { bearer: member.bearer });
    expect(own.status).toBe(200);
    const there = await call('GET', '/api/v1/api-keys', { bearer: member.bearer, headers });
    expect(there.status).toBe(403);
    expect(there.body.error.code).toBe('forbidden');
  });

  test('that one is no member of is not found, nor is one that does not exist', async () => {
    const stranger = await person('stranger@example.com');
    const other = await person('other@example.com');
    for (const organization of [other.organizationId, 'org_made_up', "org'; drop"]) {
      const { status, body } = await call('GET', '/api/v1/api-keys', {
        bearer: stranger.bearer,
        headers: { 'sluice-organization': organization },
      });
      expect(status).toBe(404);
      expect(body.error.code).toBe('not_found');
    }
  });

  test('of a key is its own and no other', async () => {
    const { organizationId, userId } = await person('keyed@example.com');
    const other = await person('unkeyed@example.com');
    const { secret } = await createApiKey(context, { organizationId, userId, name: 'k' });
    const me = await call('GET', '/api/v1/me', { bearer: secret });
    expect(me.body.error.code).toBe('forbidden');
    const foreign = await call('GET', '/api/v1/me', {
      bearer: secret,
      headers: { 'sluice-organization': other.organizationId },
    });
    expect(foreign.status).toBe(404);
  });
});

describe('API keys', () => {
  test('are shown once, listed without their secret, changed and revoked', async () => {
    const { bearer } = await person('keys@example.com');
    const made = await call('POST', '/api/v1/api-keys', {
      bearer,
      payload: { name: 'production', allowed_models: ['gpt-4o-mini'] },
    });
    expect(made.status).toBe(201);
    expect(made.body.key).toMatch(/^sk-[\w-]{43}$/);
    expect(made.body.prefix).toBe(made.body.key.slice(0, 11));
    const { id } = made.body;

    const listed = await call('GET', '/api/v1/api-keys', { bearer });
    expect(listed.body.data).toEqual([expect.objectContaining({ id, status: 'active' })]);
    expect(JSON.stringify(listed.body)).not.toContain(made.body.key);

    const changed = await call('PATCH', `/api/v1/api-keys/${id}`, {
      bearer,
      payload: { name: 'staging', allowed_models: null },
    });
    expect(changed.body).toMatchObject({ name: 'staging', allowed_models: null });

    expect((await call('DELETE', `/api/v1/api-keys/${id}`, { bearer })).status).toBe(204);
    expect((await call('DELETE', `/api/v1/api-keys/${id}`, { bearer })).status).toBe(204);
    const late = await call('PATCH', `/api/v1/api-keys/${id}`, { bearer, payload: { name: 'x' } });
    expect(late.status).toBe(409);
    expect(late.body.error.code).toBe('invalid_state');
    const used = await call('GET', '/api/v1/me', { bearer: made.body.key });
    expect(used.body.error.code).toBe('api_key_invalid');
  });

  test('of another organization are not found', async () => {
    const [one, other] = [await person('one@example.com'), await person('two@example.com')];
    const made = await createApiKey(context, { ...one, name: 'k' });
    const path = `/api/v1/api-keys/${made.id}`;
    const { bearer } = other;
    expect((await call('PATCH', path, { bearer, payload: { name: 'x' } })).status).toBe(404);
    expect((await call('DELETE', path, { bearer })).status).toBe(404);
    expect((await call('GET', '/api/v1/me', { bearer: made.secret })).status).toBe(403);
  });

  test('an expired key is told so', async () => {
    const made = await person('expiring@example.com');
    const expiresAt = new Date(platform.clocks.business().getTime() + 60_000);
    const { secret } = await createApiKey(context, { ...made, name: 'k', expiresAt });
    expect((await call('GET', '/api/v1/me', { bearer: secret })).status).toBe(403);
    platform.clocks.advanceBusiness('PT1M');
    const { status, body } = await call('GET', '/api/v1/me', { bearer: secret });
    expect(status).toBe(401);
    expect(body.error.code).toBe('api_key_expired');
    const refused = await call('POST', '/api/v1/api-keys', {
      bearer: made.bearer,
      payload: { name: 'k', expires_at: expiresAt.toISOString() },
    });
    expect(refused.body.error).toMatchObject({ code: 'rule_violated', param: 'expires_at' });
  });

  test('of a suspended organization stop at once, and work again afterwards', async () => {
    const { organizationId, userId, bearer } = await person('stopped@example.com');
    const { secret } = await createApiKey(context, { organizationId, userId, name: 'k' });
    const code = async () => (await call('GET', '/api/v1/me', { bearer: secret })).body.error.code;
    expect(await code()).toBe('forbidden');
    await setOrganizationStatus(context, { id: organizationId, status: 'suspended' });
    await expect.poll(code).toBe('organization_suspended');
    const more = await call('POST', '/api/v1/api-keys', { bearer, payload: { name: 'k' } });
    expect(more.body.error.code).toBe('organization_suspended');
    await setOrganizationStatus(context, { id: organizationId, status: 'active' });
    await expect.poll(code).toBe('forbidden');
  });

  test('pages go through all of them, newest first', async () => {
    const made = await person('pages@example.com');
    for (const name of ['a', 'b', 'c']) {
      await createApiKey(context, { ...made, name });
      platform.clocks.advance('PT1S');
    }
    const { bearer } = made;
    const first = await call('GET', '/api/v1/api-keys?limit=2', { bearer });
    expect(first.body.data.map(({ name }: { name: string }) => name)).toEqual(['c', 'b']);
    const cursor = first.body.next_cursor;
    const second = await call('GET', `/api/v1/api-keys?limit=2&cursor=${cursor}`, { bearer });
    expect(second.body).toMatchObject({ data: [{ name: 'a' }], next_cursor: null });
  });
});

describe('the profile', () => {
  test('keeps what is left out, and a user name is one person’s', async () => {
    const { bearer } = await person('profile@example.com');
    const { bearer: other } = await person('profile2@example.com');
    const change = (payload: object) => call('PATCH', '/api/v1/me', { bearer, payload });
    expect((await change({ username: 'Lovelace' })).body.user).toMatchObject({
      name: 'Ada',
      username: 'Lovelace',
    });
    expect((await change({ locale: 'zh-CN', name: null })).body.user).toMatchObject({
      name: null,
      username: 'Lovelace',
      locale: 'zh-CN',
    });
    const taken = await call('PATCH', '/api/v1/me', {
      bearer: other,
      payload: { username: 'LOVELACE' },
    });
    expect(taken.status).toBe(409);
    expect(taken.body.error).toMatchObject({ code: 'already_exists', param: 'username' });
    expect((await change({ username: 'lovelace' })).status).toBe(200);
    expect((await change({ username: null })).body.user.username).toBeNull();
  });
});

describe('organizations', () => {
  test('are seen by their members only, and changed by those who manage them', async () => {
    const owner = await person('head@example.com');
    platform.clocks.advance('PT1S');
    const member = await person('hand@example.com');
    await join(owner.organizationId, member.userId, 'member');
    const path = `/api/v1/organizations/${owner.organizationId}`;
    const { body } = await call('PATCH', path, {
      bearer: owner.bearer,
      payload: { name: 'Analytical Engines', time_zone: 'Europe/London' },
    });
    expect(body).toMatchObject({ name: 'Analytical Engines', time_zone: 'Europe/London' });

    expect((await call('GET', path, { bearer: member.bearer })).status).toBe(200);
    const refused = await call('PATCH', path, { bearer: member.bearer, payload: { name: 'Mine' } });
    expect(refused.body.error.code).toBe('forbidden');
    const all = await call('GET', '/api/v1/organizations', { bearer: member.bearer });
    expect(all.body.data.map(({ role }: { role: string }) => role)).toEqual(['member', 'owner']);

    const stranger = await person('stranger2@example.com');
    for (const method of ['GET', 'PATCH'] as const) {
      const options = method === 'GET' ? {} : { payload: { name: 'Mine' } };
      const foreign = await call(method, path, { bearer: stranger.bearer, ...options });
      expect(foreign.status).toBe(404);
    }
  });

  test.each(['Mars/Olympus', '', 'UTC; drop', 'Asia/Shanghai/x'])(
    'refuse the time zone "%s"',
    async (zone) => {
      owner ??= await person('zones@example.com');
      const { status, body } = await call(
        'PATCH',
        `/api/v1/organizations/${owner.organizationId}`,
        {
          bearer: owner.bearer,
          payload: { time_zone: zone },
        },
      );
      expect(status).toBe(400);
      expect(body.error).toMatchObject({ code: 'malformed', param: 'time_zone' });
    },
  );
  let owner: Awaited<ReturnType<typeof person>> | undefined;
});

describe('operators', () => {
  test('find people and organizations; a sign of the pattern is a sign', async () => {
    const { bearer } = await operator('operator@example.com');
    const found = await person('needle_x@example.com');
    await person('needlezx@example.com');
    const users = await call('GET', '/api/v1/admin/users?q=NEEDLE_X', { bearer });
    expect(users.body.data).toEqual([
      expect.objectContaining({
        id: found.userId,
        organizations: [expect.objectContaining({ id: found.organizationId, role: 'owner' })],
      }),
    ]);
    for (const q of ['needle_x@', found.organizationId]) {
      const organizations = await call('GET', `/api/v1/admin/organizations?q=${q}`, { bearer });
      expect(organizations.body.data).toEqual([
        expect.objectContaining({ id: found.organizationId }),
      ]);
    }
    const { status } = await call('GET', '/api/v1/admin/users', { bearer: found.bearer });
    expect(status).toBe(403);
  });

  test('suspend organizations, and it is in both logs', async () => {
    const { bearer } = await operator('operator2@example.com');
    const { organizationId, bearer: owner } = await person('troubled@example.com');
    const path = `/api/v1/admin/organizations/${organizationId}`;
    const { body } = await call('PATCH', path, { bearer, payload: { status: 'suspended' } });
    expect(body.status).toBe('suspended');
    const unknown = await call('PATCH', '/api/v1/admin/organizations/org_x', {
      bearer,
      payload: { status: 'active' },
    });
    expect(unknown.status).toBe(404);
    const own = await call('GET', '/api/v1/audit-logs?action=organization.set_status', {
      bearer: owner,
    });
    expect(own.body.data).toEqual([
      expect.objectContaining({
        actor: { kind: 'user', id: expect.stringMatching(/^usr_/) },
        old_values: { status: 'active' },
        new_values: { status: 'suspended' },
        ip: '127.0.0.1',
      }),
    ]);
    const all = await call('GET', `/api/v1/admin/audit-logs?organization=${organizationId}`, {
      bearer,
    });
    expect(all.body.data.length).toBeGreaterThan(own.body.data.length);
  });
});

describe('getJwks', () => {
  test('is for everyone', async () => {
    const { status, body } = await call('GET', '/.well-known/jwks.json');
    expect(status).toBe(200);
    expect(body.keys).toEqual([expect.objectContaining({ kty: 'OKP', crv: 'Ed25519' })]);
  });
});
