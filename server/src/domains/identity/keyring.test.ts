/** Keys come from memory, and a change in any process is known at once. */
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Context } from '../../platform/context.ts';
import { newSecret } from '../../platform/crypto.ts';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { type TestPlatform, testContext, testPlatform } from '../../platform/testkit/platform.ts';
import { liveKeysMax } from './core/api-key.ts';
import {
  createAdmin,
  createApiKey,
  createKeyring,
  createVerifiedUser,
  hasAdmin,
  type Keyring,
  setOrganizationStatus,
} from './index.ts';
import { revokeApiKey, updateApiKey } from './operations/update-api-key.ts';

let db: TestDatabase;
let platform: TestPlatform;
let context: Context;
let keyring: Keyring;
let owner: { userId: string; organizationId: string };
let people = 0;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());
beforeEach(async () => {
  platform = testPlatform(db);
  context = testContext(platform);
  keyring = createKeyring(platform);
  await platform.notifications.start(db.url);
  people += 1;
  const email = `person${people}@example.com`;
  const made = await createVerifiedUser(context, { email, name: 'Ada', password: 'long enough' });
  if (!made) throw new Error(`${email} is taken`);
  owner = made;
});
afterEach(async () => {
  vi.useRealTimers();
  await keyring.close();
  await platform.notifications.close();
});

const makeKey = () => createApiKey(context, { ...owner, name: 'k' });

/** Changes the row behind the back of every process: what is answered then came from memory. */
async function renameModels(id: string): Promise<void> {
  await sql`
    update identity_api_keys
    set allowed_models = array['changed']
    where id = ${id}
  `.execute(db.database);
}

describe('find', () => {
  test('answers what the hot path must know, from memory the second time', async () => {
    const { id, secret } = await makeKey();
    const expected = {
      apiKeyId: id,
      organizationId: owner.organizationId,
      userId: owner.userId,
      costCenterId: null,
      applicationId: null,
      status: 'active',
      organizationStatus: 'active',
      organizationPastDueSince: null,
      personStatus: 'active',
      expiresAt: null,
      allowedModels: null,
      ipAllowlist: null,
      rates: { requestsPerMinute: null, tokensPerMinute: null, concurrency: null },
      tags: [],
      callsOnly: false,
    };
    expect(await keyring.find(secret)).toEqual(expected);
    expect(await keyring.findById(id)).toEqual(expected);
    await renameModels(id);
    expect(await keyring.find(secret)).toEqual(expected);
    expect(await keyring.findById(id)).toEqual(expected);
    expect(await keyring.findById('key_unknown')).toBeUndefined();
  });

  test.each([['sk-'], ['sk-unknown'], [`sk-${'x'.repeat(100_000)}`], ['rk-other'], ['']])(
    'knows no such key: %.12s',
    async (secret) => {
      expect(await keyring.find(secret)).toBeUndefined();
    },
  );

  test('does not know a key by anything but its whole secret', async () => {
    const { secret, prefix } = await makeKey();
    for (const wrong of [prefix, secret.slice(0, -1), `${secret}x`, newSecret('sk-')]) {
      expect(await keyring.find(wrong)).toBeUndefined();
    }
  });

  test('hears of a revoked key in every process', async () => {
    const elsewhere = testPlatform(db);
    const other = createKeyring(elsewhere);
    await elsewhere.notifications.start(db.url);
    const { id, secret } = await makeKey();
    for (const ring of [keyring, other]) expect((await ring.find(secret))?.status).toBe('active');
    await revokeApiKey(context, { id, organizationId: owner.organizationId });
    for (const ring of [keyring, other]) {
      await expect.poll(async () => (await ring.find(secret))?.status).toBe('revoked');
    }
    await other.close();
    await elsewhere.notifications.close();
  });

  test('hears of changed models and of a suspended organization', async () => {
    const { id, secret } = await makeKey();
    await keyring.find(secret);
    const change = { id, organizationId: owner.organizationId, allowedModels: ['gpt-4o-mini'] };
    await updateApiKey(context, change);
    await expect
      .poll(async () => (await keyring.find(secret))?.allowedModels)
      .toEqual(['gpt-4o-mini']);
    await setOrganizationStatus(context, { id: owner.organizationId, status: 'suspended' });
    await expect
      .poll(async () => (await keyring.find(secret))?.organizationStatus)
      .toBe('suspended');
  });

  test('drops everything after the listening connection was lost', async () => {
    const { id, secret } = await makeKey();
    await keyring.find(secret);
    await renameModels(id);
    expect((await keyring.find(secret))?.allowedModels).toBeNull();
    await sql`
      select pg_terminate_backend(pid)
      from pg_stat_activity
      where datname = current_database() and application_name = 'sluice listen'
    `.execute(db.database);
    await expect
      .poll(async () => (await keyring.find(secret))?.allowedModels, { timeout: 5000 })
      .toEqual(['changed']);
  });

  test('trusts its memory for a while only, in case news was lost', async () => {
    const { id, secret } = await makeKey();
    await keyring.find(secret);
    await renameModels(id);
    platform.clocks.advance('PT14S');
    expect((await keyring.find(secret))?.allowedModels).toBeNull();
    platform.clocks.advance('PT1S');
    expect((await keyring.find(secret))?.allowedModels).toEqual(['changed']);
  });

  test('asks the database once for many callers at the same time', async () => {
    const { secret } = await makeKey();
    const found = await Promise.all(Array.from({ length: 50 }, () => keyring.find(secret)));
    expect(new Set(found).size).toBe(1);
  });
});

describe('close', () => {
  test('writes down when keys were last used', async () => {
    const [first, second] = [await makeKey(), await makeKey()];
    await keyring.find(first.secret);
    platform.clocks.advance('PT5M');
    await keyring.find(first.secret);
    await keyring.close();
    const { rows } = await sql<{ id: string; last_used_at: Date | null }>`
      select id, last_used_at
      from identity_api_keys
      where organization_id = ${owner.organizationId}
    `.execute(db.database);
    const uses = new Map(rows.map((row) => [row.id, row.last_used_at]));
    expect(uses.get(first.id)).toEqual(platform.clocks.business());
    expect(uses.get(second.id)).toBeNull();
  });
});

describe('createApiKey', () => {
  test('stops at the number of keys that an organization may have, also at once', async () => {
    await sql`
      insert into identity_api_keys
        (id, organization_id, created_by, name, secret_hash, prefix, created_at)
      select ${`key_${people}_`} || n, ${owner.organizationId}, ${owner.userId}, 'k', ${`hash_${people}_`} || n, 'sk-',
        ${platform.clocks.wall()}::timestamptz
      from generate_series(1, ${liveKeysMax - 1}::int) as n
    `.execute(db.database);
    const outcomes = await Promise.allSettled([makeKey(), makeKey(), makeKey()]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const [last] = outcomes.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    await revokeApiKey(context, { id: last?.id ?? '', organizationId: owner.organizationId });
    await expect(makeKey()).resolves.toBeDefined();
  });

  test('keeps no secret', async () => {
    const { secret } = await makeKey();
    const { rows } = await sql<{ found: string }>`
      select k::text as found from identity_api_keys as k
      union all
      select a::text from audit_entries as a
    `.execute(db.database);
    expect(rows.some(({ found }) => found.includes(secret.slice(12)))).toBe(false);
  });
});

describe('createAdmin', () => {
  test('makes one operator of many processes that try, with one password', async () => {
    expect(await hasAdmin(db.database)).toBe(false);
    const email = 'first@example.com';
    const made = await Promise.all(
      Array.from({ length: 3 }, () => createAdmin(context, { email })),
    );
    expect(await hasAdmin(db.database)).toBe(true);
    expect(new Set(made.map(({ user }) => user.id)).size).toBe(1);
    expect(made.filter(({ generatedPassword }) => generatedPassword)).toHaveLength(1);
    expect(made[0]?.user).toMatchObject({ platformRole: 'admin', status: 'active' });
  });
});
