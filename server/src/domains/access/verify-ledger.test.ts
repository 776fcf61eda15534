import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fakeClocks } from '../../platform/testkit/clock.ts';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { type TestPlatform, testContext, testPlatform } from '../../platform/testkit/platform.ts';
import { ensureTransferPartitions } from '../ledger/index.ts';
import { ensureUsagePartitions, meteringJobs } from '../metering/index.ts';
import { changeSettings } from '../settings/index.ts';
import { createAccess, verifyLedger } from './index.ts';
import { createAccessFixture, settleOf } from './testkit/access-fixture.ts';
import { checks } from './verify-store.ts';

let db: TestDatabase;
let platform: TestPlatform;
let organization: string;

beforeAll(async () => {
  db = await createTestDatabase();
  platform = testPlatform(db);
  const fixture = await createAccessFixture(platform);
  organization = await fixture.organization(1_000n);
  await fixture.buyPackage(organization, 100n);
  const access = createAccess(platform, { url: db.url });
  await fixture.quota(organization, { meterId: 'mtr_tokens', window: 'day', limit: null });
  const [settled, open, over] = [
    fixture.call(organization, 150n),
    fixture.call(organization, 10n),
    fixture.call(organization, 20n),
  ];
  await Promise.all([settled, open, over].map(access.authorize));
  await access.settle(settleOf(settled, 140n));
  await access.settle(settleOf(over, 5_000n));
  await access.close();
});

afterAll(() => db.close());

describe('verifyLedger', () => {
  test('finds nothing in honest books, with a hold open and a shortfall owed', async () => {
    expect(await verifyLedger(platform)).toEqual({
      problems: [],
      organizations: 1,
      // The top-up, 30 allowances, two payments of the first call, one of the second, its shortfall.
      transfers: 35,
      receipts: 2,
      holds: 1,
    });
  });

  test.each([
    [
      'money that came from nowhere',
      `update ledger_buckets set available = available + 1 where kind = 'wallet'`,
      'The balance of a bucket differs from its transfers',
    ],
    [
      'a hold that vanished',
      'delete from access_holds',
      'What a bucket holds differs from the open holds',
    ],
    [
      'a shortfall that was forgiven in silence',
      'update ledger_organizations set shortfall = 0',
      'The shortfall owed differs from its transfers',
    ],
    [
      'a receipt that was changed',
      'update metering_usage set amounts = array[139::bigint], bucket_ids = bucket_ids[:1]',
      'What a receipt says was paid differs from the transfers of its call',
    ],
    [
      'a cost that its parts do not add up to',
      'update metering_usage set amount = amount + 1',
      'The cost on a receipt differs from what was paid and what is owed for it',
    ],
    [
      'a receipt that was removed',
      'delete from metering_usage',
      'What a receipt says was paid differs from the transfers of its call',
    ],
    [
      'a counter that was set back',
      'update metering_counters set used = used - 1',
      'What a counter has used differs from the receipts and events of its window',
    ],
    [
      'a counter that leaked',
      'update metering_counters set reserved = reserved + 1',
      'What a counter has reserved differs from the open holds',
    ],
    [
      'a call that was summed twice',
      'update metering_calls_hourly set calls = calls + 1',
      'The sums of calls by hour differ from the receipts',
    ],
    [
      'a day that lost a call',
      'delete from metering_calls_daily',
      'The sums of calls by day differ from the receipts',
    ],
    [
      'sums of quantities that nobody used',
      `insert into metering_quantities_daily (
         organization_id, starts_at, meter_id, application_id, api_key_id, user_id, tags, events, total, maximum, latest,
         latest_at
       )
       select organization_id, 'epoch', 'mtr_1', 'app_1', '', '', '', 1, 1, 1, 1, 'epoch' from ledger_organizations`,
      'The sums of quantities by day differ from receipts and events',
    ],
  ])('finds %s', async (_, damage, sentence) => {
    const undone = new Error('undone');
    const damaged = db.database.transaction().execute(async (transaction) => {
      await sql.raw(damage).execute(transaction);
      const { problems } = await verifyWithin(transaction);
      expect(problems.join('\n')).toContain(sentence);
      throw undone;
    });
    await expect(damaged).rejects.toBe(undone);
    expect((await verifyLedger(platform)).problems).toEqual([]);
  });
});

/** The checks, on what only this transaction sees. */
async function verifyWithin(transaction: Parameters<typeof verifyLedger>[0]['database']) {
  const problems: string[] = [];
  for (const check of checks) {
    const findings = await check.find(transaction, 10);
    problems.push(...findings.map(() => check.name));
  }
  return { problems };
}

describe('verifyLedger of a deployment that keeps receipts for some months', () => {
  test('does not ask for what was detached, and still compares the rest', async () => {
    const own = await createTestDatabase();
    const clocks = fakeClocks('2026-01-10T00:00:00Z');
    const at = testPlatform(own, { clocks });
    const fixture = await createAccessFixture(at);
    const payer = await fixture.organization(10_000n);
    await fixture.quota(payer, { meterId: 'mtr_tokens', window: 'lifetime', limit: null });
    const access = createAccess(at, { url: own.url });
    const pay = async () => {
      const call = fixture.call(payer, 150n);
      await access.authorize(call);
      await access.settle(settleOf(call, 140n));
    };
    await pay();
    clocks.advance('P20D');
    const until = new Date('2026-08-01T00:00:00Z');
    await ensureUsagePartitions(own.database, clocks.business(), until);
    await ensureTransferPartitions(own.database, clocks.business(), until);
    clocks.advance('P120D');
    await pay();
    await access.close();
    const context = testContext(at);
    await changeSettings(context, { metering_retention_months: 2 });
    await meteringJobs.find(({ name }) => name === 'metering.retire')?.run(context, {});
    expect(await verifyLedger(at)).toMatchObject({ problems: [], receipts: 1 });
    await sql`update metering_calls_daily set calls = calls + 1`.execute(own.database);
    expect((await verifyLedger(at)).problems).toEqual([
      expect.stringContaining('The sums of calls by day differ from the receipts'),
    ]);
    await own.close();
  });
});
