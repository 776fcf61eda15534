/** Who belongs to an organization, with what role, and how that changes: nobody gives or takes what they have not got. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FrontDoor, openFrontDoor, type Person, password } from './testing/front-door.ts';
import { mailsOf } from './testing/mails.ts';

let door: FrontDoor;
let owner: Person;
let count = 0;

beforeAll(async () => {
  door = await openFrontDoor();
});
afterAll(() => door.close());

const someone = () => door.person(`someone-${++count}@example.com`);
const at = (organizationId: string, path = '') => `/api/v1/organizations/${organizationId}${path}`;

/** An organization with an owner and one more with each of the roles. */
async function team(...roles: string[]) {
  owner = await someone();
  const { body } = await door.call('POST', '/api/v1/organizations', {
    ...{ bearer: owner.bearer, payload: { name: 'Analytical Engines' } },
  });
  const organizationId: string = body.id;
  const members: Person[] = [];
  for (const role of roles) {
    const member = await someone();
    await door.join(organizationId, member.userId, role);
    members.push(member);
  }
  return { organizationId, owner, members };
}

function setRole(who: Person, organizationId: string, member: Person, role: string) {
  const path = at(organizationId, `/members/${member.userId}`);
  return door.call('PATCH', path, { bearer: who.bearer, payload: { role } });
}

describe('an organization of one’s own making', () => {
  test('belongs to its maker, beside the one that came with the account', async () => {
    const { organizationId } = await team();
    const me = await door.call('GET', '/api/v1/me', { bearer: owner.bearer });
    const [personal, made] = me.body.organizations;
    expect(personal).toMatchObject({ personal: true, role: 'owner' });
    expect(made).toMatchObject({ id: organizationId, personal: false, role: 'owner' });
    expect(made.permissions).toContain('organization.own');
  });

  test('is one of at most twenty, also when two are made at once', async () => {
    const maker = await someone();
    const make = () =>
      door.call('POST', '/api/v1/organizations', {
        ...{ bearer: maker.bearer, payload: { name: 'One more' } },
      });
    for (let made = 0; made < 19; made += 1) expect((await make()).status).toBe(201);
    const statuses = (await Promise.all([make(), make(), make()])).map(({ status }) => status);
    expect(statuses.sort()).toEqual([201, 422, 422]);
  });
});

describe('a member’s role', () => {
  test('changes from the next request on', async () => {
    const { organizationId, members } = await team('member');
    const [member] = members as [Person];
    const list = () => door.call('GET', at(organizationId, '/members'), { bearer: member.bearer });
    expect((await list()).status).toBe(403);
    const changed = await setRole(owner, organizationId, member, 'admin');
    expect(changed.body).toMatchObject({ id: member.userId, role: 'admin', role_name: null });
    expect((await list()).status).toBe(200);
    await setRole(owner, organizationId, member, 'billing');
    expect((await list()).status).toBe(403);
  });

  test('is given by who holds all of it', async () => {
    const { organizationId, members } = await team('admin', 'member');
    const [admin, member] = members as [Person, Person];
    const refused = await setRole(admin, organizationId, member, 'owner');
    expect(refused.body.error).toMatchObject({ code: 'permission_not_held' });
    expect((await setRole(admin, organizationId, admin, 'owner')).status).toBe(403);
    expect((await setRole(admin, organizationId, owner, 'member')).status).toBe(403);
    expect((await setRole(admin, organizationId, member, 'admin')).status).toBe(200);
  });

  test('is one that there is', async () => {
    const { organizationId, members } = await team('member');
    const [member] = members as [Person];
    for (const role of ['king', 'rol_01', 'custom', 'user']) {
      const refused = await setRole(owner, organizationId, member, role);
      expect(refused.body.error.code, role).toBe('role_unknown');
    }
  });
});

describe('the last owner', () => {
  test('stays one', async () => {
    const { organizationId, members } = await team('admin');
    const [admin] = members as [Person];
    expect((await setRole(owner, organizationId, owner, 'admin')).body.error.code).toBe(
      'last_owner',
    );
    const leave = () => door.call('POST', at(organizationId, '/leave'), { bearer: owner.bearer });
    expect((await leave()).body.error.code).toBe('last_owner');
    await setRole(owner, organizationId, admin, 'owner');
    expect((await leave()).status).toBe(204);
    expect((await door.call('GET', at(organizationId), { bearer: owner.bearer })).status).toBe(404);
  });

  test('is there still when two owners leave, demote or remove each other at once', async () => {
    const { organizationId, members } = await team('owner', 'owner');
    const [second, third] = members as [Person, Person];
    const answers = await Promise.all([
      setRole(owner, organizationId, second, 'member'),
      setRole(second, organizationId, third, 'member'),
      setRole(third, organizationId, owner, 'member'),
      ...[owner, second, third].map(({ bearer }) =>
        door.call('POST', at(organizationId, '/leave'), { bearer }),
      ),
      door.call('DELETE', at(organizationId, `/members/${owner.userId}`), {
        bearer: second.bearer,
      }),
    ]);
    expect(answers.every(({ status }) => status < 500)).toBe(true);
    const rows = await door.db.database
      .withTables<{ identity_members: { organization_id: string; role: string } }>()
      .selectFrom('identity_members')
      .select('role')
      .where('organization_id', '=', organizationId)
      .execute();
    expect(rows.filter(({ role }) => role === 'owner').length).toBeGreaterThan(0);
  });

  test('of the organization that came with an account is whose account it is', async () => {
    const person = await someone();
    const other = await someone();
    await door.join(person.organizationId, other.userId, 'owner');
    const refused = await setRole(other, person.organizationId, person, 'member');
    expect(refused.body.error.code).toBe('invalid_state');
    const removed = await door.call(
      'DELETE',
      at(person.organizationId, `/members/${person.userId}`),
      {
        bearer: other.bearer,
      },
    );
    expect(removed.body.error.code).toBe('invalid_state');
  });
});

describe('somebody who is removed', () => {
  test('is out at once, and their keys stay the organization’s', async () => {
    const { organizationId, members } = await team('member');
    const [member] = members as [Person];
    const headers = { 'sluice-organization': organizationId };
    const key = await door.call('POST', '/api/v1/api-keys', {
      ...{ bearer: member.bearer, headers, payload: { name: 'theirs' } },
    });
    expect(key.status).toBe(201);
    const removed = await door.call('DELETE', at(organizationId, `/members/${member.userId}`), {
      bearer: owner.bearer,
    });
    expect(removed.status).toBe(204);
    const keys = await door.call('GET', '/api/v1/api-keys', { bearer: member.bearer, headers });
    expect(keys.status).toBe(404);
    const kept = await door.call('GET', '/api/v1/api-keys', { bearer: owner.bearer, headers });
    expect(kept.body.data).toMatchObject([{ id: key.body.id, status: 'active' }]);
    const mails = await mailsOf(door, `someone-${count - 1}@example.com`);
    expect(mails.map(({ subject }) => subject)).toContain('Somebody left your organization');
  });

  test('is removed by who holds what they hold', async () => {
    const { organizationId, members } = await team('admin', 'member');
    const [admin, member] = members as [Person, Person];
    const remove = (who: Person, whom: Person) =>
      door.call('DELETE', at(organizationId, `/members/${whom.userId}`), { bearer: who.bearer });
    expect((await remove(admin, owner)).body.error.code).toBe('permission_not_held');
    expect((await remove(member, admin)).status).toBe(403);
    expect((await remove(admin, member)).status).toBe(204);
    expect((await remove(admin, member)).status).toBe(404);
  });
});

describe('handing over', () => {
  const handOver = (who: Person, organizationId: string, payload: object) =>
    door.call('POST', at(organizationId, '/transfer'), { bearer: who.bearer, payload });

  test('takes the password, and makes the owner an admin', async () => {
    const { organizationId, members } = await team('member');
    const [member] = members as [Person];
    const to = { member: member.userId };
    expect((await handOver(owner, organizationId, to)).body.error.code).toBe('proof_required');
    const wrong = await handOver(owner, organizationId, { ...to, password: 'wrong' });
    expect(wrong.body.error.code).toBe('proof_invalid');
    const done = await handOver(owner, organizationId, { ...to, password });
    expect(done.body).toMatchObject({ id: member.userId, role: 'owner' });
    const { body } = await door.call('GET', at(organizationId, '/members'), {
      bearer: owner.bearer,
    });
    const roles = Object.fromEntries(body.data.map(({ id, role }: never) => [id, role]));
    expect(roles).toEqual({ [owner.userId]: 'admin', [member.userId]: 'owner' });
  });

  test('is an owner’s, to a member, and not of one’s own organization', async () => {
    const { organizationId, members } = await team('admin');
    const [admin] = members as [Person];
    const stranger = await someone();
    const mine = await handOver(admin, organizationId, { member: admin.userId, password });
    expect(mine.status).toBe(403);
    const foreign = await handOver(owner, organizationId, { member: stranger.userId, password });
    expect(foreign.status).toBe(404);
    await door.join(owner.organizationId, admin.userId, 'admin');
    const personal = { member: admin.userId, password };
    const refused = await handOver(owner, owner.organizationId, personal);
    expect(refused.body.error.code).toBe('invalid_state');
  });
});

describe('closing', () => {
  test('ends keys, members and invitations, and is an owner’s', async () => {
    const { organizationId, members } = await team('admin');
    const [admin] = members as [Person];
    const close = (who: Person, id: string) => door.call('DELETE', at(id), { bearer: who.bearer });
    expect((await close(admin, organizationId)).status).toBe(403);
    expect((await close(owner, owner.organizationId)).body.error.code).toBe('invalid_state');
    const headers = { 'sluice-organization': organizationId };
    const { body: key } = await door.call('POST', '/api/v1/api-keys', {
      ...{ bearer: owner.bearer, headers, payload: { name: 'last' } },
    });
    expect((await close(owner, organizationId)).status).toBe(204);
    expect((await close(owner, organizationId)).status).toBe(404);
    expect((await door.call('GET', at(organizationId), { bearer: admin.bearer })).status).toBe(404);
    const used = await door.call('GET', '/api/v1/api-keys', { bearer: key.key });
    expect(used.body.error.code).toBe('api_key_invalid');
  });
});
