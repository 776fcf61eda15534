import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fakeClocks } from '../../platform/testkit/clock.ts';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { type TestPlatform, testContext, testPlatform } from '../../platform/testkit/platform.ts';
import { createPayer } from '../access/testkit/payer.ts';
import { writeSetting } from '../settings/index.ts';
import { ensureUsagePartitions } from './index.ts';
import { retireEvents } from './operations/retire-events.ts';
import { deleteViolations } from './quotas-store.ts';
import { createReportingFixture, type ReportingFixture } from './testkit/reporting-fixture.ts';

let db: TestDatabase;
let platform: TestPlatform;
let fixture: ReportingFixture;

beforeAll(async () => {
  db = await createTestDatabase();
  platform = testPlatform(db, { clocks: fakeClocks('2026-01-10T00:00:00Z') });
  fixture = await createReportingFixture(platform, await createPayer(platform, db.url));
  const from = new Date('2026-01-01T00:00:00Z');
  await ensureUsagePartitions(db.database, from, new Date('2026-08-01T00:00:00Z'));
});
afterAll(async () => {
  await fixture.close();
  await db.close();
});

async function tablesOf(parent: string): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select inhrelid::regclass::text as name
    from pg_inherits
    where inhparent = ${parent}::regclass
  `.execute(db.database);
  return rows.map(({ name }) => name);
}

async function countRows(table: string): Promise<bigint> {
  const { rows } = await sql<{ count: bigint }>`
    select count(*) as count
    from ${sql.table(table)}
  `.execute(db.database);
  return rows[0]?.count ?? -1n;
}

describe('retireEvents', () => {
  test('detaches months that are no longer kept, with every row in them, and forgets their keys', async () => {
    const organization = await fixture.organization();
    const event = { id: 'old', subject: { organization }, meter: 'pages' };
    await fixture.report([event]);
    platform.clocks.advance('P150D');
    await fixture.report([{ ...event, id: 'new' }]);
    const context = testContext(platform);
    await retireEvents(context);
    expect(await tablesOf('metering_events')).toContain('metering_events_2026_01');
    expect(await countRows('metering_event_keys')).toBe(1n);

    await db.database
      .transaction()
      .execute((transaction) => writeSetting(context, transaction, 'metering_retention_months', 3));
    await retireEvents(context);
    const left = await tablesOf('metering_events');
    expect(left).not.toContain('metering_events_2026_02');
    expect(left).toContain('metering_events_2026_03');
    expect(await tablesOf('metering_usage')).not.toContain('metering_usage_2026_01');
    expect(await countRows('metering_events_2026_01_detached')).toBe(1n);
    // The sums stay for good: they are what questions are answered from.
    const query =
      'usage/meters?meter=medical.pages&from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:00Z';
    expect((await fixture.get(organization, query)).data).toMatchObject([{ quantity: '1' }]);
  });
});

describe('deleteViolations', () => {
  test('forgets the oldest first, as many at once as it may', async () => {
    for (const [id, day] of Object.entries({ a: 1, b: 2, c: 3 })) {
      await sql`
        insert into metering_violations (
          id, organization_id, quota_id, window_from, resets_at, subject_kind, subject_id, meter_id,
          "window", limit_amount, used, requested, is_hard, occurred_at
        )
        select ${`vio_${id}`}, 'org_x', 'quo_x', at, at, 'organization', 'org_x', 'mtr_x',
          'day', 1, 1, 1, true, at
        from (select make_timestamptz(2024, 1, ${day}, 0, 0, 0, 'UTC') as at) as happened
      `.execute(db.database);
    }
    const before = new Date('2024-01-03T00:00:00Z');
    expect(await deleteViolations(db.database, { before, limit: 1 })).toBe(1);
    expect(await deleteViolations(db.database, { before, limit: 5 })).toBe(1);
    const { rows } = await sql`select id from metering_violations`.execute(db.database);
    expect(rows).toEqual([{ id: 'vio_c' }]);
  });
});
