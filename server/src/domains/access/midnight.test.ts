import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { fakeClocks } from '../../platform/testkit/clock.ts';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { type TestPlatform, testPlatform } from '../../platform/testkit/platform.ts';
import { listDailyUsage } from '../entitlements/index.ts';
import { type Access, createAccess, sweepHolds, verifyLedger } from './index.ts';
import { type AccessFixture, createAccessFixture, settleOf } from './testkit/access-fixture.ts';

let db: TestDatabase;
let platform: TestPlatform;
let fixture: AccessFixture;
let access: Access;

const timeZone = 'Asia/Shanghai';

beforeAll(async () => {
  db = await createTestDatabase();
  platform = testPlatform(db, { clocks: fakeClocks('2026-03-04T15:30:00Z') });
  fixture = await createAccessFixture(platform);
  access = createAccess(platform, { url: db.url });
});

afterAll(async () => {
  await access.close();
  const { problems } = await verifyLedger(platform);
  await db.close();
  expect(problems).toEqual([]);
});

beforeEach(() => platform.clocks.set('2026-03-04T15:30:00Z')); // 23:30 in Shanghai

/** An organization that bought 100 a day for three days at 23:30. */
async function customer(wallet: bigint): Promise<string> {
  const organization = await fixture.organization(wallet);
  await fixture.buyPackage(organization, 100n, { durationDays: 3, timeZone });
  return organization;
}

/** Remaining of the open allowance. */
async function remaining(organization: string): Promise<bigint | undefined> {
  const [usage] = await listDailyUsage(db.database, organization, platform.clocks.business());
  return usage?.remaining;
}

describe('a call that straddles midnight', () => {
  test('belongs to the day on which it began: excess takes its rest, then the wallet, never the next allowance', async () => {
    const organization = await customer(50n);
    platform.clocks.set('2026-03-04T15:59:50Z');
    const call = fixture.call(organization, 60n);
    await access.authorize(call);
    platform.clocks.set('2026-03-04T16:00:10Z');
    expect(await remaining(organization)).toBe(100n);
    const { parts, shortfall } = await access.settle(settleOf(call, 170n));
    expect(parts.map(({ kind, amount }) => [kind, amount])).toEqual([
      ['allowance', 100n],
      ['wallet', 50n],
    ]);
    expect(shortfall).toBe(20n);
    expect(await remaining(organization)).toBe(100n);
  });

  test('gives back what it held to its own day', async () => {
    const organization = await customer(0n);
    platform.clocks.set('2026-03-04T15:59:50Z');
    const call = fixture.call(organization, 100n);
    await access.authorize(call);
    platform.clocks.set('2026-03-04T16:00:10Z');
    await access.release(call);
    expect(await remaining(organization)).toBe(100n);
    expect(await access.authorize(fixture.call(organization, 101n))).toMatchObject({
      permitted: false,
      available: 100n,
    });
  });

  test('shares a batch with calls of the new day, each with its own allowance', async () => {
    const organization = await customer(0n);
    platform.clocks.set('2026-03-04T15:59:59Z');
    const before = [1n, 60n, 60n].map((amount) => fixture.call(organization, amount));
    platform.clocks.set('2026-03-04T16:00:00Z');
    const after = [60n, 60n].map((amount) => fixture.call(organization, amount));
    const calls = [...before, ...after];
    const answers = await Promise.all(calls.map(access.authorize));
    expect(answers.map(({ permitted }) => permitted)).toEqual([true, true, false, true, false]);
    const settled = await Promise.all(
      [before[0], before[1], after[0]].map((call) =>
        access.settle(settleOf(call as (typeof calls)[number], 70n)),
      ),
    );
    // 1 + 60 were held on the first day, 39 were free: 140 of cost leave 40 owed. The second day had 40 free.
    expect(settled.reduce((sum, { shortfall }) => sum + shortfall, 0n)).toBe(40n);
    expect(settled.at(-1)).toMatchObject({ shortfall: 0n, parts: [{ amount: 70n }] });
  });
});

describe('a package bought at 23:30', () => {
  test('case 14: gives one allowance per paid day, the last hours continuing the first', async () => {
    const organization = await customer(0n);
    const spend = async (amount: bigint) => {
      const call = fixture.call(organization, amount);
      const { permitted } = await access.authorize(call);
      if (permitted) await access.settle(settleOf(call, amount));
      return permitted;
    };
    expect(await spend(70n)).toBe(true);
    expect(await spend(31n)).toBe(false);
    platform.clocks.set('2026-03-04T16:00:00Z');
    expect(await spend(100n)).toBe(true);
    expect(await spend(1n)).toBe(false);
    platform.clocks.set('2026-03-05T16:00:00Z');
    expect(await spend(100n)).toBe(true);
    platform.clocks.set('2026-03-06T16:00:00Z');
    expect(await spend(31n)).toBe(false);
    expect(await spend(30n)).toBe(true);
    platform.clocks.set('2026-03-07T15:30:00Z');
    expect(await remaining(organization)).toBeUndefined();
    expect(await spend(1n)).toBe(false);
  });

  test('says when its allowance resets and when it ends', async () => {
    const organization = await customer(0n);
    const read = async () => {
      const [usage] = await listDailyUsage(db.database, organization, platform.clocks.business());
      return [usage?.resetsAt.toISOString(), usage?.expiresAt.toISOString()];
    };
    expect(await read()).toEqual(['2026-03-04T16:00:00.000Z', '2026-03-07T15:30:00.000Z']);
    platform.clocks.set('2026-03-06T18:00:00Z');
    expect(await read()).toEqual(['2026-03-07T15:30:00.000Z', '2026-03-07T15:30:00.000Z']);
  });
});

describe('a stream that outlives its hold', () => {
  test('keeps its funds while it renews the hold', async () => {
    const organization = await customer(0n);
    const call = fixture.call(organization, 80n);
    await access.authorize(call);
    for (let third = 0; third < 6; third += 1) {
      platform.clocks.advance('PT40S');
      const expiresAt = new Date(platform.clocks.wall().getTime() + 120_000);
      expect(await access.renew({ ...call, expiresAt })).toBe(true);
      await sweepHolds(platform);
    }
    expect(await access.settle(settleOf(call, 80n))).toMatchObject({ late: false, shortfall: 0n });
  });

  test('settles late after the sweep, from the day on which it began', async () => {
    const organization = await customer(0n);
    const call = fixture.call(organization, 80n);
    await access.authorize(call);
    platform.clocks.set('2026-03-04T16:05:00Z');
    await sweepHolds(platform);
    const settlement = await access.settle(settleOf(call, 80n));
    expect(settlement).toMatchObject({ late: true, shortfall: 0n, parts: [{ amount: 80n }] });
    expect(await remaining(organization)).toBe(100n);
  });
});

describe('a batch around full hours', () => {
  test('is summed by the hours of each zone', async () => {
    const organizations = [
      await fixture.organization(1_000n),
      await fixture.organization(1_000n, 'Asia/Kathmandu'), // a full hour at a quarter past
    ];
    const calls = ['10:10:00', '10:20:00', '11:05:00'].flatMap((time) => {
      platform.clocks.set(`2026-03-05T${time}Z`);
      return organizations.map((organization) => fixture.call(organization, 10n));
    });
    await Promise.all(calls.map((call) => access.authorize(call)));
    await Promise.all(calls.map((call) => access.settle(settleOf(call, 7n))));
    const { rows } = await sql<{ starts_at: Date; calls: bigint; amount: bigint }>`
      select starts_at, calls, amount
      from metering_calls_hourly
      where organization_id = any (${organizations})
      order by starts_at
    `.execute(db.database);
    expect(rows.map((row) => [row.starts_at.toISOString(), row.calls, row.amount])).toEqual([
      ['2026-03-05T09:15:00.000Z', 1n, 7n],
      ['2026-03-05T10:00:00.000Z', 2n, 14n],
      ['2026-03-05T10:15:00.000Z', 2n, 14n],
      ['2026-03-05T11:00:00.000Z', 1n, 7n],
    ]);
  });
});
