/** What people see and change of themselves and of organizations, over HTTP. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FrontDoor, openFrontDoor, type Person } from './testing/front-door.ts';

let door: FrontDoor;
const call: FrontDoor['call'] = (...request) => door.call(...request);
const person: FrontDoor['person'] = (...request) => door.person(...request);
const operator: FrontDoor['operator'] = (...request) => door.operator(...request);
const join: FrontDoor['join'] = (...request) => door.join(...request);

beforeAll(async () => {
  door = await openFrontDoor();
});
afterAll(() => door.close());

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
    door.platform.clocks.advance('PT1S');
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
  let owner: Person | undefined;
});

describe('operators', () => {
  test('find people; a sign of a pattern is a sign', async () => {
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
        // Operators are nobody's members: customers do not read who they are.
        actor: { kind: 'user', id: expect.stringMatching(/^usr_/), name: null, email: null },
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
