/** Whom an organization has told of what: as it said, else everyone whose role is about it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recipientsOf } from './index.ts';
import { type FrontDoor, openFrontDoor, type Person } from './testing/front-door.ts';

let door: FrontDoor;
let owner: Person;
let payer: Person;
let member: Person;

beforeAll(async () => {
  door = await openFrontDoor();
  owner = await door.person('owner@example.com');
  payer = await door.person('payer@example.com');
  member = await door.person('member@example.com');
  await door.join(owner.organizationId, payer.userId, 'billing');
  await door.join(owner.organizationId, member.userId, 'member');
});
afterAll(() => door.close());

async function told(event: 'invoice.to_pay' | 'members.changed', unlessSaid?: string) {
  const { config, database } = door.context;
  const options = unlessSaid === undefined ? {} : { unlessSaid };
  const found = await recipientsOf({ config, database }, owner.organizationId, event, options);
  return found.map(({ email }) => email).sort();
}

function say(rules: object[], who = owner) {
  return door.call('PUT', `/api/v1/organizations/${owner.organizationId}/notifications`, {
    ...{ bearer: who.bearer, payload: { rules } },
  });
}

describe('recipientsOf', () => {
  test('is everyone whose role is about it', async () => {
    await say([]);
    expect(await told('invoice.to_pay')).toEqual(['owner@example.com', 'payer@example.com']);
    expect(await told('members.changed')).toEqual(['owner@example.com']);
    expect(await told('invoice.to_pay', 'bills@example.com')).toEqual(['bills@example.com']);
  });

  test('is whom the organization said, and the addresses that it gave', async () => {
    const addresses = ['Bills@example.com', 'bills@example.com'];
    const saved = await say([{ event: 'invoice.to_pay', members: [member.userId], addresses }]);
    expect(saved.body.data.find(({ event }: never) => event === 'invoice.to_pay')).toEqual({
      ...{ event: 'invoice.to_pay', members: [member.userId], addresses: ['bills@example.com'] },
      ...{ said: true, channels: ['app', 'mail', 'telegram', 'wecom'] },
    });
    expect(await told('invoice.to_pay', 'old@example.com')).toEqual([
      'bills@example.com',
      'member@example.com',
    ]);
    expect(await told('members.changed')).toEqual(['owner@example.com']);
  });

  test('adds addresses to the members by role, or is nobody', async () => {
    await say([{ event: 'members.changed', members: null, addresses: ['hr@example.com'] }]);
    expect(await told('members.changed')).toEqual(['hr@example.com', 'owner@example.com']);
    await say([{ event: 'members.changed', members: [], addresses: [] }]);
    expect(await told('members.changed')).toEqual([]);
  });

  test('is nobody where it wants no mail of it', async () => {
    await say([{ event: 'members.changed', channels: ['app'], members: null, addresses: [] }]);
    expect(await told('members.changed')).toEqual([]);
    const unknown = {
      event: 'members.changed',
      channels: ['pigeon'],
      members: null,
      addresses: [],
    };
    expect((await say([unknown])).status).toBe(400);
  });

  test('is nobody who has left or is suspended', async () => {
    const left = await door.person('left@example.com');
    await door.join(owner.organizationId, left.userId, 'billing');
    await say([{ event: 'invoice.to_pay', members: [left.userId], addresses: [] }]);
    expect(await told('invoice.to_pay')).toEqual(['left@example.com']);
    await door.call(
      'DELETE',
      `/api/v1/organizations/${owner.organizationId}/members/${left.userId}`,
      owner,
    );
    expect(await told('invoice.to_pay')).toEqual([]);
  });
});

describe('notification settings', () => {
  test('name members only, each event once, and are for who manages the organization', async () => {
    const stranger = await door.person('stranger@example.com');
    const foreign = await say([{ event: 'quote.sent', members: [stranger.userId], addresses: [] }]);
    expect(foreign.body.error.code).toBe('rule_violated');
    const rule = { event: 'quote.sent', members: null, addresses: [] };
    expect((await say([rule, rule])).status).toBe(400);
    expect((await say([{ ...rule, event: 'nothing.happened' }])).status).toBe(400);
    expect((await say([rule], payer)).status).toBe(403);
  });
});
