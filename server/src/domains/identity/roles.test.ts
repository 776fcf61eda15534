/** Custom roles of organizations and of the deployment: nobody gives what they do not have. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FrontDoor, openFrontDoor, type Person } from './testing/front-door.ts';

let door: FrontDoor;
let owner: Person;
let admin: Person;
let member: Person;
let organizationId: string;
let count = 0;

beforeAll(async () => {
  door = await openFrontDoor();
  owner = await door.person('owner@example.com');
  admin = await door.person('admin@example.com');
  member = await door.person('member@example.com');
  organizationId = owner.organizationId;
  await door.join(organizationId, admin.userId, 'admin');
  await door.join(organizationId, member.userId, 'member');
});
afterAll(() => door.close());

const at = (path: string) => `/api/v1/organizations/${organizationId}${path}`;

function make(who: Person, permissions: string[], name = `Role ${++count}`) {
  return door.call('POST', at('/roles'), { bearer: who.bearer, payload: { name, permissions } });
}

function give(whom: Person, role: string, who = owner) {
  const options = { bearer: who.bearer, payload: { role } };
  return door.call('PATCH', at(`/members/${whom.userId}`), options);
}

describe('a custom role', () => {
  test('allows what it holds and nothing else, from the next request on', async () => {
    const { body: role } = await make(owner, ['keys.read'], 'Key reader');
    expect(role).toMatchObject({ built_in: false, people: 0, permissions: ['keys.read'] });
    const given = await give(member, role.id);
    expect(given.body).toMatchObject({ role: role.id, role_name: 'Key reader' });
    const headers = { 'sluice-organization': organizationId };
    const ask = (method: 'GET' | 'POST') =>
      door.call(method, '/api/v1/api-keys', {
        ...{ bearer: member.bearer, headers },
        ...(method === 'POST' ? { payload: { name: 'mine' } } : {}),
      });
    expect((await ask('GET')).status).toBe(200);
    expect((await ask('POST')).status).toBe(403);
    const me = await door.call('GET', '/api/v1/me', { bearer: member.bearer });
    const membership = me.body.organizations.find(({ id }: never) => id === organizationId);
    expect(membership).toMatchObject({ role_name: 'Key reader', permissions: ['keys.read'] });

    const payload = { permissions: ['keys.read', 'keys.manage'] };
    await door.call('PATCH', at(`/roles/${role.id}`), { bearer: owner.bearer, payload });
    expect((await ask('POST')).status).toBe(201);
  });

  test('never holds what is the owners’', async () => {
    expect((await make(owner, ['organization.own'])).status).toBe(400);
  });

  test('is made, changed, given and removed by who holds all of it', async () => {
    const { body: managers } = await make(owner, [
      'roles.manage',
      'members.manage',
      'members.read',
    ]);
    await give(member, managers.id);
    const refused = await make(member, ['billing.pay']);
    expect(refused.body.error).toMatchObject({ code: 'permission_not_held' });
    expect(refused.body.error.message).toContain('billing.pay');

    const { body: payers } = await make(owner, ['billing.pay']);
    const change = (id: string, payload: object) =>
      door.call('PATCH', at(`/roles/${id}`), { bearer: member.bearer, payload });
    expect((await change(payers.id, { name: 'Mine' })).status).toBe(403);
    expect((await change(managers.id, { permissions: ['billing.pay'] })).status).toBe(403);
    expect((await give(member, payers.id, member)).status).toBe(403);
    expect((await give(member, 'admin', member)).status).toBe(403);
    expect((await give(admin, managers.id, member)).status).toBe(403);
    const removed = await door.call('DELETE', at(`/roles/${payers.id}`), { bearer: member.bearer });
    expect(removed.status).toBe(403);
    const own = await make(member, ['members.read']);
    expect(own.status).toBe(201);
    expect((await give(member, own.body.id, member)).status).toBe(200);
    expect((await give(member, managers.id, member)).status).toBe(403);
  });

  test('stays while somebody has it or is invited to it', async () => {
    const { body: role } = await make(owner, ['usage.read']);
    const remove = () => door.call('DELETE', at(`/roles/${role.id}`), { bearer: owner.bearer });
    await give(member, role.id);
    expect((await remove()).body.error.code).toBe('role_in_use');
    await give(member, 'member');
    const invitation = await door.call('POST', at('/invitations'), {
      ...{ bearer: owner.bearer, payload: { email: 'guest@example.com', role: role.id } },
    });
    expect((await remove()).body.error.code).toBe('role_in_use');
    const taken = at(`/invitations/${invitation.body.id}`);
    await door.call('DELETE', taken, { bearer: owner.bearer });
    expect((await remove()).status).toBe(204);
    expect((await remove()).status).toBe(404);
    expect((await give(member, role.id)).body.error.code).toBe('role_unknown');
  });

  test('is given and removed at once by two: one of them is refused', async () => {
    const { body: role } = await make(owner, ['usage.read']);
    const [given, removed] = await Promise.all([
      give(member, role.id),
      door.call('DELETE', at(`/roles/${role.id}`), { bearer: owner.bearer }),
    ]);
    expect([given.status, removed.status].filter((status) => status < 300)).toHaveLength(1);
    await give(member, 'member');
  });

  test('has a name of its own', async () => {
    await make(owner, ['usage.read'], 'Analyst');
    for (const name of ['analyst', 'Owner', 'member']) {
      const refused = await make(owner, ['usage.read'], name);
      expect(refused.body.error, name).toMatchObject({ code: 'already_exists', param: 'name' });
    }
  });

  test('sets up no identity provider, which could make its maker anybody: owners do', async () => {
    const { body: guards } = await make(owner, ['organization.read', 'security.manage']);
    await give(member, guards.id);
    const sso = { domains: [], provider: null, default_role: 'admin', required: false };
    const setUp = ({ bearer }: Person) => door.call('PUT', at('/sso'), { bearer, payload: sso });
    for (const person of [member, admin]) expect((await setUp(person)).status).toBe(403);
    expect((await setUp(owner)).status).toBe(200);
    await give(member, 'member');
  });

  test('of another organization is none', async () => {
    const stranger = await door.person('stranger@example.com');
    const path = `/api/v1/organizations/${stranger.organizationId}/roles`;
    const payload = { name: 'Theirs', permissions: ['usage.read'] };
    const { body: theirs } = await door.call('POST', path, { bearer: stranger.bearer, payload });
    expect((await give(member, theirs.id)).body.error.code).toBe('role_unknown');
    const list = await door.call('GET', at('/roles'), { bearer: owner.bearer });
    expect(JSON.stringify(list.body)).not.toContain(theirs.id);
  });
});

describe('a role for operators', () => {
  const create = (bearer: string, name: string, permissions: string[]) =>
    door.call('POST', '/api/v1/admin/roles', { bearer, payload: { name, permissions } });
  const assign = (bearer: string, user: string, role: string) =>
    door.call('PUT', `/api/v1/admin/users/${user}/platform-role`, { bearer, payload: { role } });

  test('is given by an admin, allows what it holds, and escalates nothing', async () => {
    const root = await door.operator('root@example.com');
    const clerk = await door.person('clerk@example.com');
    const { body: role } = await create(root.bearer, 'Clerk', ['customers.read', 'roles.manage']);
    expect((await assign(root.bearer, clerk.userId, role.id)).body.platform_role).toBe(role.id);
    const search = (path: string) => door.call('GET', `/api/v1/admin/${path}`, clerk);
    expect((await search('roles')).status).toBe(403);
    const me = await door.call('GET', '/api/v1/me', { bearer: clerk.bearer });
    expect(me.body.platform_permissions).toEqual(['customers.read', 'roles.manage']);
    for (const refused of [
      await create(clerk.bearer, 'More', ['payments.manage']),
      await assign(clerk.bearer, clerk.userId, 'admin'),
      await assign(clerk.bearer, clerk.userId, 'operator'),
    ]) {
      expect(refused.body.error.code).toBe('permission_not_held');
    }
    const inUse = await door.call('DELETE', `/api/v1/admin/roles/${role.id}`, root);
    expect(inUse.body.error.code).toBe('role_in_use');
    await assign(root.bearer, clerk.userId, 'user');
    expect((await create(clerk.bearer, 'More', ['customers.read'])).status).toBe(403);
    expect((await door.call('DELETE', `/api/v1/admin/roles/${role.id}`, root)).status).toBe(204);
  });

  test('sets up no sign-in provider, whose groups could make anybody an admin', async () => {
    const root = await door.operator('root@example.com');
    const keeper = await door.person('keeper@example.com');
    const { body: role } = await create(root.bearer, 'Keeper', [
      'settings.read',
      'settings.manage',
    ]);
    await assign(root.bearer, keeper.userId, role.id);
    const list = await door.call('GET', '/api/v1/admin/sign-in-providers', keeper);
    expect(list.status).toBe(200);
    const made = await door.call('POST', '/api/v1/admin/sign-in-providers', {
      ...{ bearer: keeper.bearer, payload: { kind: 'oidc', name: 'Mine', settings: {} } },
    });
    expect(made.body.error.code).toBe('permission_not_held');
  });

  test('leaves the last admin one, also when two demote each other at once', async () => {
    const root = await door.operator('root@example.com');
    const { body } = await door.call('GET', '/api/v1/me', root);
    const second = await door.person('second-admin@example.com');
    expect((await assign(root.bearer, body.user.id, 'user')).body.error.code).toBe('last_admin');
    await assign(root.bearer, second.userId, 'admin');
    const answers = await Promise.all([
      assign(root.bearer, second.userId, 'user'),
      assign(second.bearer, body.user.id, 'user'),
    ]);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });
});
