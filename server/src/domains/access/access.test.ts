import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openPool } from '../../platform/database/pool.ts';
import { newId } from '../../platform/ids.ts';
import { fakeClocks } from '../../platform/testkit/clock.ts';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { type TestPlatform, testPlatform } from '../../platform/testkit/platform.ts';
import { readWallet } from '../ledger/index.ts';
import { type Access, createAccess, sweepHolds, verifyLedger } from './index.ts';
import { authorizeBatch, authorizeSingle, type Pool } from './store.ts';
import { type AccessFixture, createAccessFixture, settleOf } from './testkit/access-fixture.ts';

let db: TestDatabase;
let platform: TestPlatform;
let fixture: AccessFixture;
let access: Access;

beforeAll(async () => {
  db = await createTestDatabase();
  platform = testPlatform(db, { clocks: fakeClocks('2026-03-04T12:00:00Z') });
  fixture = await createAccessFixture(platform);
  access = createAccess(platform, { url: db.url });
});

afterAll(async () => {
  await access.close();
  const { problems } = await verifyLedger(platform);
  await db.close();
  expect(problems).toEqual([]);
});

describe('authorize', () => {
  test('holds the worst case', async () => {
    const organization = await fixture.organization(1_000n);
    const answer = await access.authorize(fixture.call(organization, 300n));
    expect(answer).toEqual({ permitted: true, held: 300n });
    expect(await readWallet(db.database, organization)).toMatchObject({
      available: 700n,
      held: 300n,
    });
  });

  test('refuses a worst case of one nano more than there is', async () => {
    const organization = await fixture.organization(1_000n);
    const refused = await access.authorize(fixture.call(organization, 1_001n));
    expect(refused).toEqual({ permitted: false, code: 'insufficient_funds', available: 1_000n });
    const exact = await access.authorize(fixture.call(organization, 1_000n));
    expect(exact).toEqual({ permitted: true, held: 1_000n });
  });

  test('caps the hold at what is there when the call may be capped', async () => {
    const organization = await fixture.organization(100n);
    const call = fixture.call(organization, 500n, { minimum: 1n });
    expect(await access.authorize(call)).toEqual({ permitted: true, held: 100n });
    const next = fixture.call(organization, 500n, { minimum: 1n });
    expect(await access.authorize(next)).toMatchObject({ permitted: false });
  });

  test('answers as before while the call is open, and holds once', async () => {
    const organization = await fixture.organization(1_000n);
    const call = fixture.call(organization, 300n);
    const answers = await Promise.all([call, call, call].map(access.authorize));
    expect(answers).toEqual(Array(3).fill({ permitted: true, held: 300n }));
    expect(await readWallet(db.database, organization)).toMatchObject({ held: 300n });
  });

  test('refuses a call that was settled or released', async () => {
    const organization = await fixture.organization(1_000n);
    const settled = fixture.call(organization, 300n);
    const released = fixture.call(organization, 300n);
    await Promise.all([settled, released].map(access.authorize));
    await access.settle(settleOf(settled, 10n));
    await access.release(released);
    for (const call of [settled, released]) {
      expect(await access.authorize(call)).toEqual({ permitted: false, code: 'request_closed' });
    }
    const together = await Promise.all([settled, released].map(access.authorize));
    expect(together).toEqual(Array(2).fill({ permitted: false, code: 'request_closed' }));
  });

  test('permits a call that costs nothing without any funds', async () => {
    const organization = await fixture.organization();
    const call = fixture.call(organization, 0n);
    expect(await access.authorize(call)).toEqual({ permitted: true, held: 0n });
    expect(await access.settle(settleOf(call, 0n))).toMatchObject({ parts: [], late: false });
  });

  test('holds nothing for a call that is refused before another of its batch', async () => {
    const organization = await fixture.organization(10n);
    const calls = [1n, 99n, 5n].map((worstCase) => fixture.call(organization, worstCase));
    const answers = await Promise.all(calls.map(access.authorize));
    expect(answers.map(({ permitted }) => permitted)).toEqual([true, false, true]);
    const released = await Promise.all(calls.map(access.release));
    expect(released.map(({ released }) => released)).toEqual([true, false, true]);
  });

  test('permits exactly what the funds cover, however many ask at once', async () => {
    const organization = await fixture.organization(50n * 20n);
    const calls = Array.from({ length: 200 }, () => fixture.call(organization, 20n));
    const answers = await Promise.all(calls.map(access.authorize));
    expect(answers.filter(({ permitted }) => permitted)).toHaveLength(50);
    expect(await readWallet(db.database, organization)).toMatchObject({
      available: 0n,
      held: 1_000n,
    });
  });
});

describe('durability', () => {
  test.each([
    ['holds that may be lost commit asynchronously', false, 1, 'off'],
    ['and so do batches of them', false, 2, 'off'],
    ['a hold that must not be lost is durable', true, 1, 'on'],
    ['and so is every batch with such a hold', true, 2, 'on'],
  ])('%s', async (_, durable, count, expected) => {
    const organization = await fixture.organization(100n);
    const pool = openPool({ url: db.url, max: 1 });
    const client = await pool.connect();
    const now = { wall: platform.clocks.wall(), business: platform.clocks.business() };
    const calls = Array.from({ length: count }, (_, index) =>
      fixture.call(organization, 10n, { durable: durable && index === 0 }),
    );
    await client.query('begin');
    // What is in force when the function has ended is what the commit will go by.
    if (count > 1) await authorizeBatch(client as unknown as Pool, calls, now);
    else await authorizeSingle(client as unknown as Pool, calls[0] as (typeof calls)[0], now);
    const { rows } = await client.query('show synchronous_commit');
    await client.query('commit');
    client.release();
    await pool.end();
    expect(rows).toEqual([{ synchronous_commit: expected }]);
  });
});

describe('the waterfall', () => {
  test('splits one call between allowance and wallet to the nano', async () => {
    const organization = await fixture.organization(1_000_000_000n);
    await fixture.buyPackage(organization, 333_333_333n);
    const call = fixture.call(organization, 500_000_001n);
    await access.authorize(call);
    const { parts } = await access.settle(settleOf(call, 400_000_000n));
    expect(parts.map(({ kind, amount }) => [kind, amount])).toEqual([
      ['allowance', 333_333_333n],
      ['wallet', 66_666_667n],
    ]);
  });

  test('spends the package that ends first, then grants by priority, expiry and age, then the wallet', async () => {
    const organization = await fixture.organization(10n);
    const at = (day: number) => new Date(Date.UTC(2026, 5, day));
    const late = await fixture.grant(organization, 10n, { priority: 1, expiresAt: at(1) });
    const old = await fixture.grant(organization, 10n, { expiresAt: at(9) });
    platform.clocks.advance('PT1S');
    const young = await fixture.grant(organization, 10n, { expiresAt: at(9) });
    const urgent = await fixture.grant(organization, 10n, { expiresAt: at(8) });
    await fixture.buyPackage(organization, 10n, { durationDays: 9 });
    await fixture.buyPackage(organization, 10n, { durationDays: 3 });
    const call = fixture.call(organization, 70n);
    await access.authorize(call);
    const { parts } = await access.settle(settleOf(call, 70n));
    expect(parts.map(({ kind }) => kind)).toEqual([
      ...['allowance', 'allowance', 'grant', 'grant', 'grant', 'grant', 'wallet'],
    ]);
    expect(parts.slice(2, 6).map(({ id }) => id)).toEqual([urgent, old, young, late]);

    const packages = await fixture.organization();
    await fixture.buyPackage(packages, 7n, { durationDays: 9 });
    await fixture.buyPackage(packages, 5n, { durationDays: 3 });
    const small = fixture.call(packages, 6n);
    await access.authorize(small);
    expect((await access.settle(settleOf(small, 6n))).parts.map(({ amount }) => amount)).toEqual([
      5n,
      1n,
    ]);
  });

  test('leaves out a grant that has expired', async () => {
    const organization = await fixture.organization(5n);
    const { clocks } = platform;
    await fixture.grant(organization, 100n, {
      expiresAt: new Date(clocks.business().getTime() + 1000),
    });
    expect(await access.authorize(fixture.call(organization, 105n))).toMatchObject({
      permitted: true,
    });
    clocks.advance('PT1S');
    await fixture.grant(organization, 1n);
    expect(await access.authorize(fixture.call(organization, 6n))).toMatchObject({
      permitted: false,
    });
  });
});

describe('settle', () => {
  test('pays the cost, gives the rest back, and answers the first settlement again', async () => {
    const organization = await fixture.organization(1_000n);
    const call = fixture.call(organization, 300n);
    await access.authorize(call);
    const first = await access.settle(settleOf(call, 120n));
    expect(first).toMatchObject({ shortfall: 0n, late: false, repeated: false });
    expect(first.parts).toMatchObject([{ kind: 'wallet', amount: 120n }]);
    const again = await Promise.all([
      access.settle(settleOf(call, 999n)),
      access.settle(settleOf(call, 120n)),
    ]);
    expect(again).toEqual(Array(2).fill({ ...first, repeated: true }));
    expect(await readWallet(db.database, organization)).toMatchObject({
      available: 880n,
      held: 0n,
    });
  });

  test('case 3: spills a cost above the hold down the waterfall, and records what nothing can pay', async () => {
    const organization = await fixture.organization(100n);
    const call = fixture.call(organization, 60n);
    await access.authorize(call);
    const settlement = await access.settle(settleOf(call, 130n));
    expect(settlement).toMatchObject({ shortfall: 30n, parts: [{ kind: 'wallet', amount: 100n }] });
    expect(await readWallet(db.database, organization)).toMatchObject({ available: 0n, owed: 30n });
  });

  test('lets the next call pay first what is owed', async () => {
    const organization = await fixture.organization(10n);
    const call = fixture.call(organization, 10n);
    await access.authorize(call);
    await access.settle(settleOf(call, 40n));
    await fixture.topUp(organization, 20n);
    expect(await access.authorize(fixture.call(organization, 5n))).toMatchObject({
      permitted: false,
      available: 0n,
    });
    expect(await readWallet(db.database, organization)).toMatchObject({ available: 0n, owed: 10n });
    await fixture.topUp(organization, 20n);
    const answers = await Promise.all(
      [6n, 5n].map((amount) => access.authorize(fixture.call(organization, amount))),
    );
    expect(answers.map(({ permitted }) => permitted)).toEqual([true, false]);
    expect(await readWallet(db.database, organization)).toMatchObject({
      available: 4n,
      held: 6n,
      owed: 0n,
    });
  });

  test('takes from an allowance what is owed without booking revenue twice', async () => {
    const organization = await fixture.organization();
    const call = fixture.call(organization, 0n);
    await access.authorize(call);
    await access.settle(settleOf(call, 8n));
    await fixture.buyPackage(organization, 20n);
    expect(await access.authorize(fixture.call(organization, 12n))).toMatchObject({
      permitted: true,
    });
    expect(await readWallet(db.database, organization)).toMatchObject({ owed: 0n });
    expect(await balanceOf(organization, 'revenue')).toBe(0n);
    expect(await balanceOf(organization, 'receivable')).toBe(0n);
  });

  test('lets a release before it in a batch free its funds', async () => {
    const organization = await fixture.organization(100n);
    const [first, second] = [fixture.call(organization, 60n), fixture.call(organization, 40n)];
    await Promise.all([first, second].map(access.authorize));
    // The first of the three runs alone; the other two share the batch after it.
    const [, released, settled] = await Promise.all([
      access.release(fixture.call(organization, 1n)),
      access.release(first),
      access.settle(settleOf(second, 90n)),
    ]);
    expect(released).toEqual({ released: true });
    expect(settled).toMatchObject({ shortfall: 0n, parts: [{ amount: 90n }] });
  });

  test('refuses to settle what was released', async () => {
    const organization = await fixture.organization(100n);
    const call = fixture.call(organization, 60n);
    await access.authorize(call);
    expect(await access.release(call)).toEqual({ released: true });
    expect(await access.release(call)).toEqual({ released: false });
    await expect(access.settle(settleOf(call, 10n))).rejects.toMatchObject({
      code: 'request_closed',
    });
    expect(await readWallet(db.database, organization)).toMatchObject({ available: 100n });
  });

  test('fails one poisonous call of a batch alone', async () => {
    const organization = await fixture.organization(1_000n);
    const calls = Array.from({ length: 40 }, () => fixture.call(organization, 10n));
    await Promise.all(calls.map(access.authorize));
    // An organization without funds cannot be settled: the database raises an error.
    const poison = fixture.call(newId('org', platform.clocks.business()), 10n);
    const settles = [...calls.slice(0, 17), poison, ...calls.slice(17)].map((call) =>
      access.settle(settleOf(call, 10n)),
    );
    const results = await Promise.allSettled(settles);
    expect(results.map(({ status }) => status)).toEqual(
      results.map((_, index) => (index === 17 ? 'rejected' : 'fulfilled')),
    );
    expect(await readWallet(db.database, organization)).toMatchObject({
      available: 600n,
      held: 0n,
    });
  });

  test.each([
    ['a negative amount', { amount: -1n }],
    ['an amount beyond what can be stored', { amount: 10n ** 18n }],
    ['half a token', { usage: { ...settleOf(fixtureCall(), 1n).usage, inputTokens: 0.5 } }],
    ['an id that is none of ours', { requestId: 'req_1' }],
    ['a model with a zero byte', { model: 'gpt\0' }],
  ])('takes %s for a bug, before it reaches a batch', async (_, change) => {
    await expect(access.settle({ ...settleOf(fixtureCall(), 1n), ...change })).rejects.toThrow(
      'invariant broken',
    );
  });
});

describe('sweepHolds', () => {
  test('gives an expired hold back; the settle that comes later pays and is late', async () => {
    const organization = await fixture.organization(100n);
    const [slow, open] = [fixture.call(organization, 60n), fixture.call(organization, 40n)];
    await Promise.all([slow, open].map(access.authorize));
    platform.clocks.advance('PT1M');
    const renewal = { ...open, expiresAt: new Date(platform.clocks.wall().getTime() + 600_000) };
    expect(await access.renew(renewal)).toBe(true);
    platform.clocks.advance('PT1M');
    await sweepHolds(platform);
    expect(await readWallet(db.database, organization)).toMatchObject({
      available: 60n,
      held: 40n,
    });
    expect(await access.renew(slow)).toBe(false);
    const settlement = await access.settle(settleOf(slow, 50n));
    expect(settlement).toMatchObject({ late: true, parts: [{ amount: 50n }], shortfall: 0n });
    expect(await access.settle(settleOf(slow, 50n))).toMatchObject({ late: true, repeated: true });
    expect(await access.settle(settleOf(open, 40n))).toMatchObject({ late: false });
  });

  test('is safe from several processes at once', async () => {
    const organization = await fixture.organization(1_000n);
    const calls = Array.from({ length: 100 }, () => fixture.call(organization, 10n));
    await Promise.all(calls.map(access.authorize));
    platform.clocks.advance('PT10M');
    const swept = await Promise.all(Array.from({ length: 4 }, () => sweepHolds(platform)));
    expect(swept.reduce((sum, count) => sum + count, 0)).toBe(100);
    expect(await readWallet(db.database, organization)).toMatchObject({ available: 1_000n });
  });
});

async function balanceOf(organization: string, account: string): Promise<bigint> {
  const { rows } = await sql<{ balance: bigint }>`
    select coalesce(sum(case when credit = ${account} then amount else -amount end), 0)::bigint as balance
    from ledger_transfers
    where organization_id = ${organization}
      and ${account} in (debit, credit)
  `.execute(db.database);
  return rows[0]?.balance ?? 0n;
}

function fixtureCall() {
  return {
    requestId: newId('req', new Date(0)),
    organizationId: 'org_1',
    apiKeyId: null,
    userId: null,
    costCenterId: null,
    applicationId: null,
    tokens: 0,
    meters: [],
    model: 'm',
    priceId: 'mpr_1',
    worstCase: 1n,
    minimum: 1n,
    authorizedAt: new Date(0),
    expiresAt: new Date(0),
    durable: false,
  };
}
