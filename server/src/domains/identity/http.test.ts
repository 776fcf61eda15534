/** Identity over HTTP: who a request is from, for whom it acts, and what its keys may do. */
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createApiKey, setOrganizationStatus } from './index.ts';
import { type FrontDoor, openFrontDoor, type Person } from './testing/front-door.ts';

let door: FrontDoor;
const call: FrontDoor['call'] = (...request) => door.call(...request);
const person: FrontDoor['person'] = (...request) => door.person(...request);
const join: FrontDoor['join'] = (...request) => door.join(...request);

beforeAll(async () => {
  door = await openFrontDoor();
});
afterAll(() => door.close());

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
      door.db.database,
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

  let shared: Person | undefined;
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
    const { secret } = await createApiKey(door.context, { organizationId, userId, name: 'k' });
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
    const made = await createApiKey(door.context, { ...one, name: 'k' });
    const path = `/api/v1/api-keys/${made.id}`;
    const { bearer } = other;
    expect((await call('PATCH', path, { bearer, payload: { name: 'x' } })).status).toBe(404);
    expect((await call('DELETE', path, { bearer })).status).toBe(404);
    expect((await call('GET', '/api/v1/me', { bearer: made.secret })).status).toBe(403);
  });

  test('an expired key is told so', async () => {
    const made = await person('expiring@example.com');
    const expiresAt = new Date(door.platform.clocks.business().getTime() + 60_000);
    const { secret } = await createApiKey(door.context, { ...made, name: 'k', expiresAt });
    expect((await call('GET', '/api/v1/me', { bearer: secret })).status).toBe(403);
    door.platform.clocks.advanceBusiness('PT1M');
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
    const { secret } = await createApiKey(door.context, { organizationId, userId, name: 'k' });
    const code = async () => (await call('GET', '/api/v1/me', { bearer: secret })).body.error.code;
    expect(await code()).toBe('forbidden');
    await setOrganizationStatus(door.context, { id: organizationId, status: 'suspended' });
    await expect.poll(code).toBe('organization_suspended');
    const more = await call('POST', '/api/v1/api-keys', { bearer, payload: { name: 'k' } });
    expect(more.body.error.code).toBe('organization_suspended');
    await setOrganizationStatus(door.context, { id: organizationId, status: 'active' });
    await expect.poll(code).toBe('forbidden');
  });

  test('pages go through all of them, newest first', async () => {
    const made = await person('pages@example.com');
    for (const name of ['a', 'b', 'c']) {
      await createApiKey(door.context, { ...made, name });
      door.platform.clocks.advance('PT1S');
    }
    const { bearer } = made;
    const first = await call('GET', '/api/v1/api-keys?limit=2', { bearer });
    expect(first.body.data.map(({ name }: { name: string }) => name)).toEqual(['c', 'b']);
    const cursor = first.body.next_cursor;
    const second = await call('GET', `/api/v1/api-keys?limit=2&cursor=${cursor}`, { bearer });
    expect(second.body).toMatchObject({ data: [{ name: 'a' }], next_cursor: null });
  });
});
