import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FrontDoor, openFrontDoor, type Person } from './testing/front-door.ts';

let door: FrontDoor;
let owner: Person;
let member: Person;
let home: string;

beforeAll(async () => {
  door = await openFrontDoor();
  owner = await door.person('owner@example.com');
  member = await door.person('member@example.com');
  home = `/api/v1/organizations/${owner.organizationId}`;
  await door.join(owner.organizationId, member.userId, 'member');
});
afterAll(() => door.close());

type Ask = [method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', url: string, payload?: object];

/** As somebody who acts for the owner's organization. */
const as =
  (person: Person) =>
  (...[method, url, payload]: Ask) =>
    door.call(method, url, {
      bearer: person.bearer,
      headers: { 'sluice-organization': owner.organizationId },
      ...(payload && { payload }),
    });

async function newCenter(code: string): Promise<string> {
  const made = await as(owner)('POST', `${home}/cost-centers`, { code, name: `Center ${code}` });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  return made.body.id;
}

async function newKey(person: Person, name: string): Promise<string> {
  const made = await as(person)('POST', '/api/v1/api-keys', { name });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  return made.body.id;
}

describe('cost centers', () => {
  test('are made, renamed and archived by who manages the organization', async () => {
    const id = await newCenter('R-100');
    const path = `${home}/cost-centers/${id}`;
    expect((await as(owner)('PATCH', path, { name: 'Research' })).body).toMatchObject({
      ...{ id, code: 'R-100', name: 'Research', members: 0, keys: 0, archived_at: null },
    });
    expect((await as(member)('PATCH', path, { name: 'Mine' })).status).toBe(403);
    expect(
      (await as(member)('POST', `${home}/cost-centers`, { code: 'x', name: 'x' })).status,
    ).toBe(403);
    expect((await as(owner)('PATCH', path, { archived: true })).body.archived_at).not.toBe(null);
    const shown = await as(owner)('GET', `${home}/cost-centers`);
    expect(shown.body.data).not.toContainEqual(expect.objectContaining({ id }));
    const all = await as(owner)('GET', `${home}/cost-centers?archived=true`);
    expect(all.body.data).toContainEqual(expect.objectContaining({ id }));
    expect((await as(owner)('PATCH', path, { archived: false })).body.archived_at).toBe(null);
  });

  test.each(['r-200', 'R-200'])('have codes of their own: %s is taken', async (code) => {
    await as(owner)('POST', `${home}/cost-centers`, { code: 'R-200', name: 'First' });
    const again = await as(owner)('POST', `${home}/cost-centers`, { code, name: 'Again' });
    expect(again).toMatchObject({ status: 409, body: { error: { code: 'already_exists' } } });
  });

  test('that somebody is assigned to are not archived, and archived ones take nobody', async () => {
    const id = await newCenter('R-300');
    const assign = `${home}/members/${member.userId}/cost-center`;
    expect((await as(owner)('PUT', assign, { cost_center: id })).status).toBe(204);
    const busy = await as(owner)('PATCH', `${home}/cost-centers/${id}`, { archived: true });
    expect(busy).toMatchObject({ status: 409, body: { error: { code: 'invalid_state' } } });
    expect(busy.body.error.message).toContain('1 members and 0 keys');
    await as(owner)('PUT', assign, { cost_center: null });
    await as(owner)('PATCH', `${home}/cost-centers/${id}`, { archived: true });
    expect((await as(owner)('PUT', assign, { cost_center: id })).status).toBe(409);
  });

  test('of another organization are as if they were not', async () => {
    const stranger = await door.person('stranger@example.com');
    const foreign = `/api/v1/organizations/${stranger.organizationId}`;
    const made = await door.call('POST', `${foreign}/cost-centers`, {
      ...{ bearer: stranger.bearer, payload: { code: 'X', name: 'Theirs' } },
    });
    const assign = `${home}/members/${member.userId}/cost-center`;
    const known = await as(owner)('PUT', assign, { cost_center: made.body.id });
    const unknown = await as(owner)('PUT', assign, { cost_center: 'cct_nobody' });
    expect([known.status, unknown.status]).toEqual([404, 404]);
    expect(known.body.error.message).toBe(unknown.body.error.message);
  });
});

describe('a key', () => {
  test('is its holder’s to see and manage, and that of who manages members', async () => {
    const [own, other] = [await newKey(member, 'mine'), await newKey(owner, 'theirs')];
    const names = (answer: { body: { data: { name: string }[] } }) =>
      answer.body.data.map(({ name }) => name);
    expect(names(await as(member)('GET', '/api/v1/api-keys'))).toEqual(['mine']);
    expect(names(await as(member)('GET', `/api/v1/api-keys?user=${owner.userId}`))).toEqual([]);
    expect(names(await as(owner)('GET', '/api/v1/api-keys'))).toEqual(['theirs', 'mine']);
    const changes: Ask[] = [
      ['PATCH', `/api/v1/api-keys/${other}`, { name: 'taken' }],
      ['POST', `/api/v1/api-keys/${other}/rotate`, {}],
      ['DELETE', `/api/v1/api-keys/${other}`],
    ];
    for (const change of changes) expect((await as(member)(...change)).status).toBe(404);
    expect((await as(member)('PATCH', `/api/v1/api-keys/${own}`, { name: 'renamed' })).status).toBe(
      200,
    );
  });

  test('has its own cost center, or else its holder’s', async () => {
    const [ofMember, ofKey] = [await newCenter('R-400'), await newCenter('R-401')];
    const id = await newKey(member, 'booked');
    const path = `/api/v1/api-keys/${id}`;
    const assign = `${home}/members/${member.userId}/cost-center`;
    await as(owner)('PUT', assign, { cost_center: ofMember });
    const inherited = await as(owner)('GET', `/api/v1/api-keys?cost_center=${ofMember}`);
    expect(inherited.body.data).toContainEqual(
      expect.objectContaining({ id, cost_center: expect.objectContaining({ inherited: true }) }),
    );
    const own = await as(owner)('PATCH', path, { cost_center: ofKey });
    expect(own.body.cost_center).toMatchObject({ id: ofKey, inherited: false });
    const again = await as(owner)('PATCH', path, { cost_center: null });
    expect(again.body.cost_center).toMatchObject({ id: ofMember, inherited: true });
    await as(owner)('PUT', assign, { cost_center: null });
    expect((await as(owner)('PATCH', path, { name: 'b' })).body.cost_center).toBe(null);
  });

  test('changes hands by who manages members, to a member, and is found as theirs', async () => {
    const id = await newKey(member, 'handed over');
    const path = `/api/v1/api-keys/${id}`;
    const refused = await as(member)('PATCH', path, { user: owner.userId });
    expect(refused).toMatchObject({ status: 403, body: { error: { param: 'user' } } });
    const stranger = await door.person('stranger3@example.com');
    expect((await as(owner)('PATCH', path, { user: stranger.userId })).status).toBe(404);
    const handed = await as(owner)('PATCH', path, { user: owner.userId });
    expect(handed.body.user).toMatchObject({ id: owner.userId, email: 'owner@example.com' });
    expect((await as(member)('PATCH', path, { name: 'still mine?' })).status).toBe(404);
    const log = await as(owner)('GET', '/api/v1/audit-logs?action=api_key.update');
    expect(JSON.stringify(log.body.data[0])).toContain(owner.userId);
  });
});
