import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inTransaction } from '../../../platform/context.ts';
import { fakeClocks } from '../../../platform/testkit/clock.ts';
import { createTestDatabase, type TestDatabase } from '../../../platform/testkit/database.ts';
import {
  type TestPlatform,
  testContext,
  testPlatform,
} from '../../../platform/testkit/platform.ts';
import { areDaysProven, revenueOfCustomers, sumBalanceOf, sumMoves } from '../sums-store.ts';
import { keepSums } from './keep-sums.ts';
import { openFunds } from './open-funds.ts';
import { postTransfers } from './post-transfers.ts';

const timeZone = 'Asia/Shanghai';
const organizationId = 'org_kept';
let db: TestDatabase;
let platform: TestPlatform;

beforeAll(async () => {
  db = await createTestDatabase();
  platform = testPlatform(db, {
    config: { timeZone },
    clocks: fakeClocks('2026-03-01T15:59:00Z'),
  });
  const context = testContext(platform);
  await inTransaction(context, (transaction) =>
    openFunds(context, transaction, organizationId, timeZone),
  );
  await earn(1n); // a minute before midnight in Shanghai
  platform.clocks.set('2026-03-01T16:01:00Z');
  await earn(10n);
  platform.clocks.set('2026-03-03T12:00:00Z');
  await earn(100n);
});
afterAll(() => db.close());

async function earn(units: bigint): Promise<void> {
  const context = testContext(platform);
  const amount = { amount: units * 1_000_000_000n, currency: 'CNY' };
  await inTransaction(context, (transaction) =>
    postTransfers(context, transaction, organizationId, [
      { debit: 'deferred', credit: 'revenue', amount, kind: 'recognition', reference: 'opk_1' },
    ]),
  );
}

const march = {
  from: new Date('2026-02-28T16:00:00Z'),
  to: new Date('2026-03-31T16:00:00Z'),
  timeZone,
};

async function earnedWithin(span: { from: Date; to: Date }) {
  const { rows } = await sql<{ currency: string; amount: bigint }>`
    select currency, amount / 1000000000 as amount from ${await revenueOfCustomers(db.database, span)} as earned
  `.execute(db.database);
  return rows.map(({ currency, amount }) => `${amount} ${currency}`);
}

async function figures() {
  const moves = await sumMoves(db.database, { ...march, interval: 'day' });
  return {
    days: moves.map(({ starts_at: at, amount }) => [at.toISOString(), amount / 1_000_000_000n]),
    revenue: await earnedWithin(march),
    deferred: await sumBalanceOf(db.database, { account: 'deferred', at: march.to }),
  };
}

async function keptTransfers(): Promise<bigint> {
  const { rows } = await sql<{ kept: bigint }>`
    select sum(transfers)::bigint as kept from ledger_sums_daily
  `.execute(db.database);
  return rows[0]?.kept ?? 0n;
}

describe('keepSums', () => {
  it('adds up hours that are over by days of the deployment’s zone, once, and changes no figure', async () => {
    const before = await figures();
    expect(before.days).toEqual([
      ['2026-02-28T16:00:00.000Z', 1n],
      ['2026-03-01T16:00:00.000Z', 10n],
      ['2026-03-02T16:00:00.000Z', 100n],
    ]);
    expect(before.revenue).toEqual(['111 CNY']);
    expect(before.deferred).toEqual([{ currency: 'CNY', amount: -111_000_000_000n }]);

    expect(await keepSums(testContext(platform))).toEqual(new Date('2026-03-03T11:00:00Z'));
    expect(await keptTransfers()).toBe(2n);
    expect(await figures()).toEqual(before);
    await Promise.all([keepSums(testContext(platform)), keepSums(testContext(platform))]);
    expect(await keptTransfers()).toBe(2n);
    expect(await figures()).toEqual(before);
  });

  it('leaves an hour alone until whatever was booked for it is committed', async () => {
    platform.clocks.set('2026-03-03T13:09:00Z');
    await keepSums(testContext(platform));
    expect(await keptTransfers()).toBe(2n);
    platform.clocks.set('2026-03-03T13:10:00Z');
    await keepSums(testContext(platform));
    expect(await keptTransfers()).toBe(3n);
  });

  it('adds the hours of a day to what is kept of it', async () => {
    platform.clocks.set('2026-03-03T14:00:00Z');
    await earn(1_000n);
    platform.clocks.set('2026-03-03T16:10:00Z');
    await keepSums(testContext(platform));
    expect((await figures()).days.at(-1)).toEqual(['2026-03-02T16:00:00.000Z', 1_100n]);
  });

  it('finds a day that is not what its transfers come to', async () => {
    const days = { ...march, to: new Date('2026-03-03T16:00:00Z') };
    expect(await areDaysProven(db.database, days)).toBe(true);
    const addTo = (units: number) =>
      sql`
        update ledger_sums_daily set amount = amount + ${units} where starts_at = '2026-03-01T16:00:00Z'
      `.execute(db.database);
    await addTo(1);
    expect(await areDaysProven(db.database, days)).toBe(false);
    await addTo(-1);
  });

  it('knows what was earned between any two months, and in those without a customer', async () => {
    platform.clocks.set('2026-05-10T00:00:00Z');
    await earn(5n);
    const [april, may, june] = ['2026-03-31', '2026-04-30', '2026-05-31'].map(
      (day) => new Date(`${day}T16:00:00Z`),
    ) as [Date, Date, Date];
    const check = async () => {
      expect(await earnedWithin({ from: march.from, to: april })).toEqual(['1111 CNY']);
      expect(await earnedWithin({ from: april, to: may })).toEqual([]);
      expect(await earnedWithin({ from: may, to: june })).toEqual(['5 CNY']);
      expect(await earnedWithin({ from: march.from, to: june })).toEqual(['1116 CNY']);
    };
    await check();
    platform.clocks.set('2026-05-10T01:10:00Z');
    await keepSums(testContext(platform));
    expect(await keptTransfers()).toBe(5n);
    await check();
  });

  it.each([
    ['Asia/Tokyo', '2026-05-11T10:00:00Z'],
    ['UTC', '2026-05-12T10:00:00Z'],
    ['Asia/Shanghai', '2026-05-13T10:00:00Z'],
  ])('goes on in %s where the deployment moves there', async (zone, at) => {
    const before = await earnedWithin({ from: march.from, to: new Date('2026-06-30T16:00:00Z') });
    platform = testPlatform(db, { config: { timeZone: zone }, clocks: fakeClocks(at) });
    await earn(1n);
    platform.clocks.set(new Date(Date.parse(at) + 9 * 3_600_000).toISOString());
    await keepSums(testContext(platform));
    const after = await earnedWithin({ from: march.from, to: new Date('2026-06-30T16:00:00Z') });
    expect(Number.parseInt(after[0] ?? '', 10)).toBe(Number.parseInt(before[0] ?? '', 10) + 1);
    const { rows } = await sql<{ kept: bigint; booked: bigint }>`
      select (select sum(transfers) from ledger_sums_daily)::bigint as kept, count(*) as booked from ledger_transfers
    `.execute(db.database);
    expect(rows[0]?.kept).toBe(rows[0]?.booked);
  });
});
