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
import {
  areDaysProven,
  listEarningMost,
  sumBalanceOf,
  sumMoves,
  sumRevenueByCustomer,
} from '../sums-store.ts';
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

async function figures() {
  const moves = await sumMoves(db.database, { ...march, interval: 'day' });
  return {
    days: moves.map(({ starts_at: at, amount }) => [at.toISOString(), amount / 1_000_000_000n]),
    revenue: await sumRevenueByCustomer(db.database, march),
    deferred: await sumBalanceOf(db.database, { account: 'deferred', at: march.to }),
  };
}

async function keptDays(): Promise<number> {
  const { rows } = await sql`select starts_at from ledger_sums_daily`.execute(db.database);
  return rows.length;
}

describe('keepSums', () => {
  it('adds up days of the deployment’s zone that are over, once, and changes no figure', async () => {
    const before = await figures();
    expect(before.days).toEqual([
      ['2026-02-28T16:00:00.000Z', 1n],
      ['2026-03-01T16:00:00.000Z', 10n],
      ['2026-03-02T16:00:00.000Z', 100n],
    ]);
    expect(before.revenue).toMatchObject([{ currency: 'CNY', amount: 111_000_000_000n }]);
    expect(before.deferred).toEqual([{ currency: 'CNY', amount: -111_000_000_000n }]);
    expect(await listEarningMost(db.database, { ...march, limit: 1 })).toEqual([
      { organization_id: organizationId, currency: 'CNY', amount: 111_000_000_000n, customers: 1n },
    ]);

    expect(await keepSums(testContext(platform))).toEqual(new Date('2026-03-02T16:00:00Z'));
    expect(await keptDays()).toBe(2);
    expect(await figures()).toEqual(before);
    await Promise.all([keepSums(testContext(platform)), keepSums(testContext(platform))]);
    expect(await keptDays()).toBe(2);
    expect(await figures()).toEqual(before);
  });

  it('leaves a day alone until whatever was booked for it is committed', async () => {
    platform.clocks.set('2026-03-03T16:05:00Z');
    await keepSums(testContext(platform));
    expect(await keptDays()).toBe(2);
    platform.clocks.set('2026-03-03T16:10:00Z');
    await keepSums(testContext(platform));
    expect(await keptDays()).toBe(3);
  });

  it('finds a day that is not what its transfers come to', async () => {
    const days = { ...march, to: new Date('2026-03-03T16:00:00Z') };
    expect(await areDaysProven(db.database, days)).toBe(true);
    await sql`update ledger_sums_daily set amount = amount + 1 where amount = 1000000000`.execute(
      db.database,
    );
    expect(await areDaysProven(db.database, days)).toBe(false);
  });
});
