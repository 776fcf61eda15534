import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fakeClocks } from '../../platform/testkit/clock.ts';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { type TestPlatform, testContext, testPlatform } from '../../platform/testkit/platform.ts';
import { type Access, createAccess, verifyLedger } from '../access/index.ts';
import {
  type AccessFixture,
  createAccessFixture,
  settleOf,
} from '../access/testkit/access-fixture.ts';
import { createModelPrice, type ModelPrice, readPriceTerms } from '../catalog/index.ts';
import { readWallet } from '../ledger/index.ts';
import { noFigures } from './core/rerating.ts';
import { chargeFor, findReceipt, presentReceipt } from './index.ts';
import { rerateModel } from './operations/rerate-model.ts';
import { insertRerating } from './reratings-store.ts';

let db: TestDatabase;
let platform: TestPlatform;
let fixture: AccessFixture;
let access: Access;

beforeAll(async () => {
  db = await createTestDatabase();
  platform = testPlatform(db, { clocks: fakeClocks('2026-03-11T06:00:00Z') });
  fixture = await createAccessFixture(platform);
  access = createAccess(platform, { url: db.url });
});
afterAll(async () => {
  await access.close();
  await db.close();
});

const usage = {
  ...{ inputTokens: 1_000_000, cachedInputTokens: 0, cacheWriteTokens: 0 },
  ...{ outputTokens: 0, reasoningTokens: 0, estimated: false },
};
const addPrice = (model: string) =>
  createModelPrice(testContext(platform), { model, prices: { input: '3', output: '3' } });

/** A million tokens at three dollars. */
async function call(
  organizationId: string,
  price: ModelPrice,
  multiplierMillionths = 1_000_000n,
): Promise<string> {
  const amount = chargeFor(price, usage, multiplierMillionths);
  const command = fixture.call(organizationId, amount, { model: price.model, priceId: price.id });
  await access.authorize(command);
  const details = { multiplierMillionths };
  await access.settle({ ...settleOf(command, amount), usage, details });
  return command.requestId;
}

const from = '2026-03-11T00:00:00Z';
const to = '2026-03-11T07:00:00Z';
function rerate(model: string, input: string, changes: object = {}) {
  return rerateModel(testContext(platform), {
    ...{ model, from, to, direction: 'credit_only', dry_run: false },
    price: { prices: { input, output: '3' } },
    ...changes,
  });
}
const walletOf = async (organizationId: string) =>
  (await readWallet(db.database, organizationId))?.available;
/** All settles are long written, and the time is over. */
const wait = () => platform.clocks.advance('PT2H');

describe('rerateModel', () => {
  test('gives back what was too much, with each call’s multiplier; a dry run does not', async () => {
    platform.clocks.set('2026-03-11T06:00:00Z');
    const price = await addPrice('plain');
    const organization = await fixture.organization(100_000_000_000n);
    const requestId = await call(organization, price);
    await call(organization, price, 500_000n);
    wait();
    const before = await walletOf(organization);
    const expected = {
      ...{ calls: 2, billed: '4.50', rerated: '1.50', given_back: '3.00' },
      ...{ not_given_back: '0.00', too_little: '0.00' },
      organizations: [{ organization, calls: 2, given_back: '3.00' }],
    };
    expect(await rerate('plain', '1', { dry_run: true })).toMatchObject({ ...expected, id: null });
    expect(await walletOf(organization)).toBe(before);
    const done = await rerate('plain', '1');
    expect(done).toMatchObject(expected);
    expect(await walletOf(organization)).toBe((before ?? 0n) + 3_000_000_000n);
    const receipt = await findReceipt(db.database, requestId);
    expect(receipt && presentReceipt(receipt)).toMatchObject({
      amount: '3.00',
      rerated: { id: done.id, amount: '1.00', given_back: '2.00' },
    });
  });

  test('is done once, however often and by how many it is asked', async () => {
    platform.clocks.set('2026-03-11T06:00:00Z');
    const price = await addPrice('once');
    const organization = await fixture.organization(100_000_000_000n);
    await call(organization, price);
    wait();
    const results = await Promise.allSettled([
      rerate('once', '1'),
      rerate('once', '1.00'),
      rerate('once', '1'),
    ]);
    const ids = results.flatMap((one) => (one.status === 'fulfilled' ? one.value.id : []));
    // The others are told that it runs, or what it did.
    const refused = results.flatMap((one) => (one.status === 'rejected' ? one.reason.code : []));
    expect(new Set(ids).size).toBe(1);
    expect([...new Set(refused)]).toEqual(refused.length > 0 ? ['conflict'] : []);
    platform.clocks.advance('PT1H');
    expect((await rerate('once', '1.0')).id).toBe(ids[0]);
    expect(await walletOf(organization)).toBe(99_000_000_000n);
  });

  test('gives no call back twice: a time that touches one that is done is refused', async () => {
    await expect(rerate('once', '2')).rejects.toMatchObject({ code: 'conflict' });
    const touching = { from: '2026-03-11T06:59:00Z', to: '2026-03-11T07:30:00Z' };
    await expect(rerate('once', '1', touching)).rejects.toMatchObject({ code: 'conflict' });
    const beside = { from: to, to: '2026-03-11T07:30:00Z' };
    expect(await rerate('once', '1', beside)).toMatchObject({ calls: 0, given_back: '0.00' });
  });

  test('never asks for more', async () => {
    platform.clocks.set('2026-03-11T06:00:00Z');
    const price = await addPrice('cheap');
    const organization = await fixture.organization(100_000_000_000n);
    await call(organization, price);
    wait();
    const done = await rerate('cheap', '5');
    expect(done).toMatchObject({ given_back: '0.00', too_little: '2.00' });
    expect(await walletOf(organization)).toBe(97_000_000_000n);
  });

  test('gives back what the wallet paid, and nothing for allowances and grants', async () => {
    platform.clocks.set('2026-03-11T06:00:00Z');
    const price = await addPrice('mixed');
    const organization = await fixture.organization(100_000_000_000n);
    await fixture.buyPackage(organization, 1_500_000_000n);
    await fixture.grant(organization, 1_000_000_000n);
    await call(organization, price);
    wait();
    // The wallet had paid half a dollar of three.
    const done = await rerate('mixed', '1');
    expect(done).toMatchObject({ given_back: '0.50', not_given_back: '1.50' });
    expect(await walletOf(organization)).toBe(100_000_000_000n);
  });

  test('leaves calls alone that were settled since, and refuses a time that is not over', async () => {
    platform.clocks.set('2026-03-11T06:00:00Z');
    const price = await addPrice('late');
    const organization = await fixture.organization(100_000_000_000n);
    const requestId = await call(organization, price);
    const now = '2026-03-11T06:02:00Z';
    platform.clocks.set(now);
    await expect(rerate('late', '1')).rejects.toMatchObject({ code: 'rule_violated' });
    expect(await rerate('late', '1', { to: now })).toMatchObject({ calls: 0 });
    const receipt = await findReceipt(db.database, requestId);
    expect(receipt && presentReceipt(receipt)).not.toHaveProperty('rerated');
  });

  test('writes down more organizations than a statement takes values', async () => {
    const organizations = 12_000;
    const figures = { ...noFigures, calls: 1, billed: 3n, rerated: 1n, givenBack: 2n };
    const parts = new Map(Array.from({ length: organizations }, (_, n) => [`org_${n}`, figures]));
    const at = new Date(to);
    await insertRerating(
      db.database,
      {
        ...{ id: 'rrt_many', key: 'many', model: 'many', from: new Date(from), to: at },
        ...{
          terms: readPriceTerms({ prices: { input: '1', output: '1' } }),
          settledBefore: at,
          createdAt: at,
        },
      },
      parts,
    );
    const { rows } = await sql<{ count: bigint; back: bigint }>`
      select count(*) as count, sum(given_back)::bigint as back
      from metering_rerating_parts
      where rerating_id = 'rrt_many'
    `.execute(db.database);
    expect(rows).toEqual([{ count: BigInt(organizations), back: BigInt(organizations * 2) }]);
  });

  test('leaves honest books', async () => {
    expect((await verifyLedger(platform)).problems).toEqual([]);
  });
});
