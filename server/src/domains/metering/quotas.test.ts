import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { userCaller } from '../../platform/testkit/callers.ts';
import { fakeClocks } from '../../platform/testkit/clock.ts';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { testContext, testPlatform } from '../../platform/testkit/platform.ts';
import { createPayer } from '../access/testkit/payer.ts';
import { ensureUsagePartitions, meteringJobs, quotaExceeded } from './index.ts';
import { listViolations } from './quotas-store.ts';
import {
  application,
  createReportingFixture,
  type ReportingFixture,
} from './testkit/reporting-fixture.ts';

let db: TestDatabase;
let fixture: ReportingFixture;
let organization: string;
const clocks = fakeClocks('2026-03-15T10:30:00Z');

beforeAll(async () => {
  db = await createTestDatabase();
  const platform = testPlatform(db, { clocks });
  fixture = await createReportingFixture(platform, await createPayer(platform, db.url));
  const from = new Date('2026-02-01T00:00:00Z');
  await ensureUsagePartitions(db.database, from, new Date('2026-04-01T00:00:00Z'));
});
afterAll(async () => {
  await fixture.close();
  await db.close();
});
beforeEach(async () => {
  organization = await fixture.organization('Asia/Shanghai');
});

type PayloadOf<E extends { payload?: unknown }> = NonNullable<E['payload']>;

let count = 0;

interface QuotaTerms {
  window?: string;
  limit?: number;
  subject?: [kind: string, id: string];
}

async function give(meter: string, terms: QuotaTerms = {}): Promise<string> {
  count += 1;
  const id = `quo_${String(count).padStart(4, '0')}`;
  const [kind, subject] = terms.subject ?? ['organization', organization];
  await sql`
    insert into entitlements_quotas (
      id, organization_id, subject_kind, subject_id, meter_id, aggregation, is_level, "window", time_zone,
      limit_amount, is_hard, is_in_force, created_at
    )
    select ${id}, ${organization}, ${kind}, ${subject}, m.id, m.aggregation, m.kind = 'level',
      ${terms.window ?? 'month'}, 'Asia/Shanghai', ${terms.limit ?? 10}, false, true, '2026-03-01T00:00:00Z'
    from catalog_meters m
    where m.key = ${meter}
  `.execute(db.database);
  return id;
}

async function use(meter: string, fields: object = {}): Promise<string> {
  count += 1;
  const id = `event-${count}`;
  const [answer] = await fixture.report([{ id, subject: { organization }, meter, ...fields }]);
  expect(answer?.status, answer?.message).toBe('accepted');
  return id;
}

async function quotas() {
  const { data } = await fixture.get(organization, 'quotas');
  return data.map(({ meter, window, used, remaining }) => [meter, window, used, remaining]);
}

describe('listQuotas', () => {
  test('shows what was reported in the open window, and when it ends in the zone', async () => {
    await give('pages', { window: 'day' });
    await give('pages', { window: 'month' });
    await use('pages', { quantity: 3 });
    await use('pages', { quantity: 4, time: '2026-03-10T00:00:00Z' });
    expect(await quotas()).toEqual([
      ['medical.pages', 'day', '3', '7'],
      ['medical.pages', 'month', '7', '3'],
    ]);
    const { data } = await fixture.get(organization, 'quotas?limit=1');
    expect(data).toMatchObject([
      { resets_at: '2026-03-15T16:00:00.000Z', hard: false, unit: 'count' },
    ]);
  });

  test('counts by the meter’s aggregation', async () => {
    for (const meter of ['seats', 'visitors', 'version', 'analyses']) await give(meter);
    for (const [index, user] of ['ada', 'bob', 'ada'].entries()) {
      await use('visitors', { properties: { user } });
      await use('seats', { quantity: 5 - index });
      await use('version', { quantity: 5 - index });
      await use('analyses', { quantity: 7 });
    }
    expect(await quotas()).toEqual([
      ['medical.seats', 'month', '5', '5'],
      ['medical.visitors', 'month', '2', '8'],
      ['medical.version', 'month', '3', '7'],
      ['medical.analyses', 'month', '3', '7'],
    ]);
  });

  test('takes back in the open window what a correction takes back', async () => {
    await give('pages');
    const wrong = await use('pages', { quantity: 9 });
    await use('pages', { quantity: 2, corrects: wrong });
    expect(await quotas()).toEqual([['medical.pages', 'month', '2', '8']]);
  });

  test('finds the largest, the latest and the distinct values anew when one is corrected', async () => {
    for (const meter of ['seats', 'visitors', 'version']) await give(meter);
    await use('seats', { quantity: 4 });
    await use('version', { quantity: 4, time: '2026-03-15T09:00:00Z' });
    await use('visitors', { properties: { user: 'ada' } });
    const seats = await use('seats', { quantity: 9 });
    const version = await use('version', { quantity: 9 });
    const visitor = await use('visitors', { properties: { user: 'adda' } });
    expect((await quotas()).map(([, , used]) => used)).toEqual(['9', '2', '9']);
    await use('seats', { quantity: 3, corrects: seats });
    await use('version', { quantity: 3, corrects: version });
    await use('visitors', { properties: { user: 'ada' }, corrects: visitor });
    expect((await quotas()).map(([, , used]) => used)).toEqual(['4', '1', '3']);
  });

  test('counts a window from its beginning, also what came before the quota', async () => {
    await use('pages', { quantity: 6 });
    await give('pages');
    expect(await quotas()).toEqual([['medical.pages', 'month', '6', '4']]);
    await use('pages', { quantity: 1 });
    expect(await quotas()).toEqual([['medical.pages', 'month', '7', '3']]);
  });

  test('shows a member the organization’s and their own', async () => {
    await give('pages');
    await give('pages', { subject: ['member', 'usr_ada'] });
    await give('pages', { subject: ['member', 'usr_bob'] });
    await use('pages', { quantity: 2, subject: { organization, user: 'usr_ada' } });
    const seenBy = async (userId: string, role: 'member' | 'billing') => {
      fixture.setCaller(userCaller({ organizationId: organization, userId, role }));
      const answer = await fixture.app.inject({ method: 'GET', url: '/api/v1/billing/quotas' });
      fixture.setCaller(application);
      return answer
        .json()
        .data.map((limit: { subject: { id: string }; used: string }) => [
          limit.subject.id,
          limit.used,
        ]);
    };
    const [all, ada] = [
      [organization, '2'],
      ['usr_ada', '2'],
    ];
    expect(await seenBy('usr_ada', 'member')).toEqual([all, ada]);
    expect(await seenBy('usr_bob', 'billing')).toEqual([all, ada, ['usr_bob', '0']]);
  });
});

describe('listQuotaViolations', () => {
  test('tells once in each window that a limit was passed', async () => {
    const quota = await give('pages', { limit: 5 });
    await use('pages', { quantity: 5 });
    expect((await fixture.get(organization, 'quotas/violations')).data).toEqual([]);
    await use('pages', { quantity: 3 });
    await use('pages', { quantity: 1 });
    expect((await fixture.get(organization, 'quotas/violations')).data).toMatchObject([
      {
        quota,
        meter: 'medical.pages',
        window: 'month',
        limit: '5',
        used: '8',
        requested: '3',
        hard: false,
      },
    ]);
  });

  test('is narrowed to a time, whose end is not of it', async () => {
    await give('pages', { limit: 5 });
    await use('pages', { quantity: 8 });
    const within = (times: { from?: Date; to?: Date }) =>
      listViolations(db.database, {
        ...{ organizationId: organization, view: { all: true }, limit: 10 },
        ...times,
      });
    const at = (await within({}))[0]?.occurred_at as Date;
    expect(await within({ from: at })).toHaveLength(1);
    expect(await within({ to: at })).toEqual([]);
  });
});

describe('quota.exceeded', () => {
  test('is left in the outbox with everything that it says', async () => {
    const quota = await give('pages', { limit: 5 });
    await use('pages', { quantity: 8 });
    const { rows } = await sql<{ payload: PayloadOf<typeof quotaExceeded> }>`
      select payload
      from platform_outbox
      where event = ${quotaExceeded.name}
        and payload ->> 'quotaId' = ${quota}
    `.execute(db.database);
    expect(rows.map(({ payload }) => payload)).toEqual([
      {
        violationId: expect.stringMatching(/^vio_/),
        organizationId: organization,
        quotaId: quota,
        subjectKind: 'organization',
        subjectId: organization,
        meterId: 'mtr_pages',
        window: 'month',
        resetsAt: '2026-03-31T16:00:00.000Z',
        limit: '5',
        used: '8',
        requested: '8',
        isHard: false,
        occurredAt: '2026-03-15T10:30:00.000Z',
      } satisfies PayloadOf<typeof quotaExceeded>,
    ]);
  });
});

describe('metering.remove_ended_quotas', () => {
  test('removes quotas that ended long ago with their counters, and keeps violations', async () => {
    const [ended, running] = [await give('pages', { limit: 5 }), await give('seats')];
    await use('pages', { quantity: 8 });
    await use('seats', { quantity: 1 });
    const source = (quota: string, endsAt: string) =>
      sql`
      insert into entitlements_quota_sources (quota_id, source, source_id, limit_amount, is_hard, starts_at, ends_at)
      values (${quota}, 'plan', 'opl_1', 5, false, '2026-03-01T00:00:00Z', ${endsAt})
    `.execute(db.database);
    await source(ended, '2026-03-20T00:00:00Z');
    await source(running, 'infinity');
    const later = fakeClocks('2026-06-10T00:00:00Z');
    const job = meteringJobs.find(({ name }) => name === 'metering.remove_ended_quotas');
    const remove = () => job?.run(testContext(testPlatform(db, { clocks: later })), {});
    const counted = async () => {
      const { rows } = await sql<{ quota_id: string }>`
        select quota_id
        from metering_counters
        where organization_id = ${organization}
        order by quota_id
      `.execute(db.database);
      return rows.map(({ quota_id }) => quota_id);
    };
    await remove();
    expect(await counted()).toEqual([ended, running]);
    later.advance('P20D');
    await remove();
    expect(await counted()).toEqual([running]);
    expect((await fixture.get(organization, 'quotas/violations')).data).toHaveLength(1);
  });
});
