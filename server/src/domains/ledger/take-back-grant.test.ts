import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inTransaction } from '../../platform/context.ts';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { type TestPlatform, testContext, testPlatform } from '../../platform/testkit/platform.ts';
import { createAccess } from '../access/access.ts';
import { type Access, verifyLedger } from '../access/index.ts';
import { createAccessFixture, settleOf } from '../access/testkit/access-fixture.ts';
import { openGrant, readWallet, takeBackGrant, turnGrants } from './index.ts';

let db: TestDatabase;
let platform: TestPlatform;
let access: Access;
let fixture: Awaited<ReturnType<typeof createAccessFixture>>;
const unit = 1_000_000_000n;

beforeAll(async () => {
  db = await createTestDatabase();
  platform = testPlatform(db);
  access = createAccess(platform, { url: db.url });
  fixture = await createAccessFixture(platform);
});
afterAll(async () => {
  await access.close();
  const { problems } = await verifyLedger(platform);
  await db.close();
  expect(problems).toEqual([]);
});

const give = (organizationId: string) =>
  inTransaction(testContext(platform), (transaction) =>
    openGrant(testContext(platform), transaction, {
      ...{ organizationId, amount: { amount: 10n * unit, currency: 'USD' }, priority: 0 },
      ...{ expiresAt: new Date('2026-09-01T00:00:00Z'), reference: 'rfl_1' },
    }),
  );
const takeBack = (organizationId: string, grantId: string) =>
  inTransaction(testContext(platform), (transaction) =>
    takeBackGrant(testContext(platform), transaction, { grantId, organizationId }),
  );
const left = async (organizationId: string) =>
  (await readWallet(db.database, organizationId)).grants.map(({ available }) => available / unit);

describe('takeBackGrant', () => {
  test('takes what is not spent, once, and leaves what is', async () => {
    const id = await fixture.organization(0n);
    const grant = await give(id);
    const call = fixture.call(id, 4n * unit, { minimum: 0n });
    await access.authorize(call);
    await access.settle(settleOf(call, 4n * unit));
    expect(await takeBack(id, grant.id)).toBe(6n * unit);
    expect(await takeBack(id, grant.id)).toBe(0n);
    platform.clocks.advance('PT1S');
    expect((await left(id)).every((amount) => amount === 0n)).toBe(true);
  });

  test('takes a call’s hold no further than the call, and lets what comes back of it expire', async () => {
    const id = await fixture.organization(0n);
    const grant = await give(id);
    const call = fixture.call(id, 7n * unit, { minimum: 0n });
    await access.authorize(call);
    expect(await takeBack(id, grant.id)).toBe(3n * unit);
    await access.settle(settleOf(call, 2n * unit));
    platform.clocks.advance('PT1S');
    await turnGrants(testContext(platform));
    expect((await left(id)).every((amount) => amount === 0n)).toBe(true);
  });
});
