import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../../platform/ids.ts';
import { fakeClocks } from '../../platform/testkit/clock.ts';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { type TestPlatform, testContext, testPlatform } from '../../platform/testkit/platform.ts';
import { organizationCreated, organizationTimeZoneChanged } from '../identity/index.ts';
import { ledgerListeners } from '../ledger/index.ts';
import { entitlementsListeners, grantPackageAllowances, listDailyUsage } from './index.ts';

let db: TestDatabase;
let platform: TestPlatform;

beforeAll(async () => {
  db = await createTestDatabase();
  platform = testPlatform(db, {
    clocks: fakeClocks('2026-03-04T10:00:00Z'),
    listeners: [...ledgerListeners, ...entitlementsListeners],
  });
});

afterAll(() => db.close());

async function customer(durationDays: number): Promise<string> {
  const context = testContext(platform);
  const organizationId = newId('org', platform.clocks.business());
  await db.database.transaction().execute(async (transaction) => {
    const created = { organizationId, timeZone: 'UTC' };
    await platform.events.announce(context, transaction, organizationCreated, created);
    await grantPackageAllowances(context, transaction, {
      organizationId,
      organizationPackageId: newId('opk', platform.clocks.business()),
      packageId: 'pkg_starter',
      packageName: 'Starter',
      dailyLimit: { amount: 500n, currency: 'USD' },
      startsAt: platform.clocks.business(),
      durationDays,
      timeZone: 'UTC',
    });
  });
  return organizationId;
}

async function resetAt(organizationId: string, at: string): Promise<string | undefined> {
  const [usage] = await listDailyUsage(db.database, organizationId, new Date(at));
  return usage?.resetsAt.toISOString();
}

describe('listDailyUsage', () => {
  test('shows the open allowance of each package, the first to end first', async () => {
    const organizationId = await customer(30);
    const context = testContext(platform);
    await db.database.transaction().execute((transaction) =>
      grantPackageAllowances(context, transaction, {
        organizationId,
        organizationPackageId: newId('opk', platform.clocks.business()),
        packageId: 'pkg_starter',
        packageName: 'Weekend',
        dailyLimit: { amount: 70n, currency: 'USD' },
        startsAt: platform.clocks.business(),
        durationDays: 2,
        timeZone: 'UTC',
      }),
    );
    const usage = await listDailyUsage(db.database, organizationId, platform.clocks.business());
    expect(usage).toMatchObject([
      { name: 'Weekend', allowance: 70n, used: 0n, held: 0n, remaining: 70n },
      { name: 'Starter', allowance: 500n, used: 0n, held: 0n, remaining: 500n },
    ]);
    expect(usage[0]?.expiresAt.toISOString()).toBe('2026-03-06T10:00:00.000Z');
  });

  test('shows nothing once the package is over', async () => {
    const organizationId = await customer(1);
    expect(await resetAt(organizationId, '2026-03-05T09:59:59Z')).toBe('2026-03-05T10:00:00.000Z');
    expect(await resetAt(organizationId, '2026-03-05T10:00:00Z')).toBeUndefined();
  });
});

describe('a changed time zone', () => {
  test('counts from the next reset, and opens no extra window', async () => {
    const organizationId = await customer(4);
    const context = testContext(platform);
    for (const timeZone of ['Asia/Shanghai', 'America/Bogota']) {
      await db.database.transaction().execute((transaction) =>
        platform.events.announce(context, transaction, organizationTimeZoneChanged, {
          organizationId,
          timeZone,
        }),
      );
    }
    expect(await resetAt(organizationId, '2026-03-04T12:00:00Z')).toBe('2026-03-05T00:00:00.000Z');
    expect(await resetAt(organizationId, '2026-03-05T12:00:00Z')).toBe('2026-03-06T05:00:00.000Z');
    expect(await resetAt(organizationId, '2026-03-06T12:00:00Z')).toBe('2026-03-07T05:00:00.000Z');
    expect(await resetAt(organizationId, '2026-03-07T12:00:00Z')).toBe('2026-03-08T05:00:00.000Z');
    expect(await resetAt(organizationId, '2026-03-08T05:00:00Z')).toBe('2026-03-08T10:00:00.000Z');
  });
});
