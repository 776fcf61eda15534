/** From hours of usage to an alert and a mail, once. */
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { startOtherProcess } from '../../platform/testkit/other-process.ts';
import { type TestPlatform, testContext, testPlatform } from '../../platform/testkit/platform.ts';
import { createVerifiedUser } from '../identity/index.ts';
import { ledgerListeners } from '../ledger/index.ts';
import { readAlerts } from './operations/read-alerts.ts';
import { watchUsage } from './operations/watch-usage.ts';

let db: TestDatabase;
let platform: TestPlatform;
let people = 0;
let organizationId: string;
const hourMs = 3_600_000;
const start = new Date('2026-03-04T12:20:00Z');

beforeAll(async () => {
  db = await createTestDatabase();
  platform = testPlatform(db, {
    config: { timeZone: 'UTC' },
    listeners: ledgerListeners,
  });
});
beforeEach(async () => {
  platform.clocks.set(start);
  for (const table of ['alerts_usage', 'alerts_watched', 'metering_calls_hourly']) {
    await sql`delete from ${sql.table(table)}`.execute(db.database);
  }
  await sql`delete from metering_calls_daily`.execute(db.database);
  people += 1;
  const command = {
    email: `alert${people}@example.com`,
    name: 'Ada',
    password: 'correct horse battery',
  };
  organizationId = (await createVerifiedUser(testContext(platform), command))?.organizationId ?? '';
});
afterAll(() => db.close());

/** So many calls in the hour that began so many hours ago, and as many cents. */
async function used(
  hoursAgo: number,
  calls: number,
  table = 'metering_calls_hourly',
): Promise<void> {
  const isDay = table === 'metering_calls_daily';
  const length = isDay ? 24 * hourMs : hourMs;
  const now = Math.floor(platform.clocks.business().getTime() / length) * length;
  const at = new Date(now - hoursAgo * hourMs);
  await sql`
    insert into ${sql.table(table)} (
      organization_id, starts_at, application_id, api_key_id, user_id, model, tags, currency, calls, amount
    )
    values (${organizationId}, ${at}, '', '', '', 'm', '', 'USD', ${calls}, ${BigInt(calls) * 10_000_000n})
  `.execute(db.database);
}

async function usualWeeks(): Promise<void> {
  for (let week = 1; week <= 8; week += 1) {
    for (const offset of [0, 1, 2]) await used(week * 168 + offset, 100);
  }
}

const alerts = async () =>
  (await readAlerts(testContext(platform), { limit: 50, organization: organizationId })).data;
const mails = async () => {
  const { rows } = await sql<{ count: number }>`
    select count(*)::integer as count from delivery_messages
  `.execute(db.database);
  return rows[0]?.count ?? 0;
};
const watch = () => watchUsage(testContext(platform));

describe('watchUsage', () => {
  it('raises one alert for an hour that stands out, and mails it once', async () => {
    await usualWeeks();
    await used(1, 1_000);
    const before = await mails();
    expect(await watch()).toBe(1);
    expect(await watch()).toBe(0);
    expect(await alerts()).toMatchObject([
      {
        ...{ organization: organizationId, kind: 'usage_anomaly', measure: 'cost' },
        ...{ interval: 'hour', starts_at: '2026-03-04T11:00:00.000Z', currency: 'USD' },
        ...{ value: '10.00', expected: '1.00' },
      },
    ]);
    expect(await mails()).toBe(before + 1);
  });

  it('raises none for what is usual', async () => {
    await usualWeeks();
    await used(1, 130);
    expect(await watch()).toBe(0);
  });

  it('does not tell of the hours after it, until a day is over', async () => {
    await usualWeeks();
    for (const hoursAhead of [0, 5, 30]) {
      for (let week = 1; week <= 8; week += 1) await used(week * 168 - 1 - hoursAhead, 50);
    }
    await used(1, 1_000);
    expect(await watch()).toBe(1);
    platform.clocks.advance('PT6H');
    await used(1, 1_000);
    expect(await watch()).toBe(0);
    platform.clocks.advance('PT25H');
    await used(1, 1_000);
    expect(await watch()).toBe(1);
    expect(await alerts()).toHaveLength(2);
  });

  it('waits until an hour is over, and makes up for a day of sleep', async () => {
    await usualWeeks();
    platform.clocks.set('2026-03-04T11:30:00Z');
    await used(0, 1_000);
    expect(await watch()).toBe(0);
    platform.clocks.set('2026-03-05T09:30:00Z');
    expect(await watch()).toBe(1);
  });

  it('compares a day with the same weekdays', async () => {
    for (let week = 1; week <= 8; week += 1)
      await used(week * 168 + 24, 1_000, 'metering_calls_daily');
    await used(24, 9_000, 'metering_calls_daily');
    expect(await watch()).toBe(1);
    expect(await alerts()).toMatchObject([{ interval: 'day', value: '90.00', expected: '10.00' }]);
  });

  it('tells once over two processes, and again after one that died', async () => {
    await usualWeeks();
    await used(1, 1_000);
    const before = await mails();
    const dying = startOtherProcess(db, platform, { diesAtQuery: 9 });
    await watchUsage(dying.context).catch(() => undefined);
    await dying.close();
    const other = startOtherProcess(db, platform);
    await Promise.all([watch(), watchUsage(other.context)]);
    await other.close();
    expect(await alerts()).toHaveLength(1);
    expect(await mails()).toBe(before + 1);
  });
});
