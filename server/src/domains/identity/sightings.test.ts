/** Where people are seen: what is remembered of it, and what it says of others. */
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Context } from '../../platform/context.ts';
import { invariant } from '../../platform/errors.ts';
import { reaction } from '../../platform/events.ts';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { type TestPlatform, testContext, testPlatform } from '../../platform/testkit/platform.ts';
import { createAccessTokens } from './access-tokens.ts';
import { personSeen, userRegistered } from './events.ts';
import { createVerifiedUser, register } from './index.ts';
import { login } from './operations/login.ts';
import { insertMember } from './store/members.ts';
import { deleteOldSightings, findKinship, findNeighbors } from './store/sightings.ts';

let db: TestDatabase;
let platform: TestPlatform;
const told: unknown[] = [];
const password = 'correct horse battery';
let people = 0;

beforeAll(async () => {
  db = await createTestDatabase();
  platform = testPlatform(db, {
    listeners: [
      reaction(personSeen, async (_context, _transaction, payload) => void told.push(payload)),
      reaction(userRegistered, async (_context, _transaction, payload) => void told.push(payload)),
    ],
  });
});
afterAll(() => db.close());

function from(ip: string, device?: string): Context {
  const context = testContext(platform);
  return { ...context, actor: { ...context.actor, ip, device } };
}

async function person() {
  people += 1;
  const email = `seen${people}@example.com`;
  const command = { email, name: 'Ada', password };
  const created = await createVerifiedUser(testContext(platform), command);
  invariant(created, 'the address is free');
  return { email, ...created };
}

const signIn = (context: Context, email: string) =>
  login(context, createAccessTokens(platform), { login: email, password });

const neighborsOf = (organizationId: string) =>
  findNeighbors(db.database, {
    organizationId,
    since: new Date(platform.clocks.wall().getTime() - 30 * 86_400_000),
    limit: 10,
  });

describe('noteSighting', () => {
  test('tells of a place once, and keeps nothing that can be read as an address', async () => {
    const ada = await person();
    told.length = 0;
    await signIn(from('203.0.113.9'), ada.email);
    await signIn(from('203.0.113.9'), ada.email);
    expect(told).toEqual([{ organizationId: ada.organizationId }]);
    const { rows } = await sql<{ text: string }>`
      select s::text as text from identity_sightings as s where user_id = ${ada.userId}
    `.execute(db.database);
    expect(rows).toHaveLength(1);
    expect(rows[0]?.text).not.toContain('203.0.113');
  });

  test('says nothing of private networks, behind which anyone may be', async () => {
    const ada = await person();
    told.length = 0;
    await signIn(from('10.0.0.9'), ada.email);
    expect(told).toEqual([]);
  });

  test('tells who signed up, with the code of whoever invited them', async () => {
    told.length = 0;
    const { user, organization } = await register(from('203.0.113.77'), {
      ...{ email: 'invited@example.com', password, inviteCode: 'ABCD2345' },
    });
    const about = { userId: user.id, organizationId: organization.id };
    expect(told).toContainEqual({ ...about, inviteCode: 'ABCD2345' });
    expect(told).toContainEqual({ organizationId: organization.id });
  });
});

describe('findNeighbors', () => {
  test('finds others at the same address and on the same device, and nobody else', async () => {
    const [ada, eve, bob] = [await person(), await person(), await person()];
    await signIn(from('198.51.100.4', 'a'.repeat(26)), ada.email);
    await signIn(from('198.51.100.4'), eve.email);
    await signIn(from('198.51.100.5', 'a'.repeat(26)), bob.email);
    expect(await neighborsOf(ada.organizationId)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ kind: 'address', organizationId: eve.organizationId }),
        expect.objectContaining({ kind: 'device', organizationId: bob.organizationId }),
      ]),
    );
    expect(await neighborsOf(ada.organizationId)).toHaveLength(2);
    platform.clocks.advance('P31D');
    expect(await neighborsOf(ada.organizationId)).toEqual([]);
  });

  test('leaves colleagues out, who share their office’s address', async () => {
    const [ada, eve] = [await person(), await person()];
    const at = platform.clocks.wall();
    await insertMember(db.database as never, {
      ...{ organizationId: ada.organizationId, userId: eve.userId, role: 'member', at },
    });
    await signIn(from('198.51.100.20'), ada.email);
    await signIn(from('198.51.100.20'), eve.email);
    expect(await neighborsOf(ada.organizationId)).toEqual([]);
  });
});

describe('findKinship', () => {
  test('says what two organizations have in common, colleagues or not', async () => {
    const [ada, eve, bob] = [await person(), await person(), await person()];
    const between = (others: string[]) =>
      findKinship(db.database, { organizationId: ada.organizationId, others });
    await signIn(from('198.51.100.30', 'b'.repeat(26)), ada.email);
    await signIn(from('198.51.100.30'), eve.email);
    expect(await between([eve.organizationId])).toEqual(['address']);
    expect(await between([bob.organizationId])).toEqual([]);
    await signIn(from('198.51.100.31', 'b'.repeat(26)), bob.email);
    expect(await between([eve.organizationId, bob.organizationId])).toEqual(['address', 'device']);
    const at = platform.clocks.wall();
    await insertMember(db.database as never, {
      ...{ organizationId: bob.organizationId, userId: ada.userId, role: 'member', at },
    });
    expect(await between([bob.organizationId])).toEqual(['address', 'device', 'person']);
  });
});

test('what was not seen for long is forgotten', async () => {
  const ada = await person();
  await signIn(from('198.51.100.60'), ada.email);
  await deleteOldSightings(db.database, new Date(platform.clocks.wall().getTime() + 1));
  const { rows } = await sql`select 1 from identity_sightings`.execute(db.database);
  expect(rows).toEqual([]);
});
