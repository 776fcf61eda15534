/** What falls due or runs out is found by a job of its domain, and told of once. */
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Context } from '../../platform/context.ts';
import { news, reaction } from '../../platform/events.ts';
import { type Happening, happened } from '../../platform/happenings.ts';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { type TestPlatform, testContext, testPlatform } from '../../platform/testkit/platform.ts';
import { entitlementsJobs } from '../entitlements/index.ts';
import { createVerifiedUser, identityJobs } from '../identity/index.ts';
import type { Job } from '../jobs/index.ts';
import { changeLowBalance, ledgerJobs, ledgerListeners } from '../ledger/index.ts';
import { meteringListeners, quotaExceeded } from '../metering/index.ts';
import { subscriptionsJobs } from '../subscriptions/index.ts';

let db: TestDatabase;
let platform: TestPlatform;
let context: Context;
let heard: Happening[] = [];
let organizationId: string;
let count = 0;

beforeAll(async () => {
  db = await createTestDatabase();
  const hear = reaction(happened, async (_context, _transaction, happening) => {
    if (happening.organizationId === organizationId) heard.push(happening);
  });
  const listeners = [...ledgerListeners, ...meteringListeners, hear];
  platform = testPlatform(db, { listeners, config: { usageCurrency: 'USD' } });
  context = testContext(platform);
});
beforeEach(async () => {
  platform.clocks.set('2026-03-04T12:00:00Z');
  heard = [];
  count += 1;
  const person = {
    email: `due${count}@example.com`,
    name: 'Ada',
    password: 'correct horse battery',
  };
  organizationId = (await createVerifiedUser(context, person))?.organizationId ?? '';
});
afterAll(() => db.close());

/** Twice: what was told of is not told of again. */
async function look(jobs: readonly Job[], name: string): Promise<[string, object][]> {
  heard = [];
  const job = jobs.find((each) => each.name === name);
  await job?.run(context, {});
  await job?.run(context, {});
  return heard.map((happening) => [happening.name, happening.data]);
}

describe('a wallet', () => {
  const lookAtWallets = () => look(ledgerJobs, 'ledger.watch_wallets');

  async function holds(amount: string): Promise<void> {
    await sql`
      update ledger_buckets
      set available = ${amount}
      where organization_id = ${organizationId} and kind = 'wallet'
    `.execute(db.database);
  }

  it('that runs low is told of once, and again when it was filled meanwhile', async () => {
    await holds('0');
    expect(await lookAtWallets()).toEqual([]);
    await holds('20000000000');
    expect(await lookAtWallets()).toEqual([]);
    await holds('4999999999');
    const low = { balance: '4.999999999', threshold: '5.00', currency: 'USD' };
    expect(await lookAtWallets()).toEqual([['wallet.low', low]]);
    await holds('0');
    expect(await lookAtWallets()).toEqual([]);
    await holds('5000000000');
    expect(await lookAtWallets()).toEqual([]);
    await holds('1');
    expect(await lookAtWallets()).toHaveLength(1);
  });

  it('is low where its organization says so, and never where it says zero', async () => {
    await holds('20000000000');
    await lookAtWallets();
    await changeLowBalance(context, organizationId, 30_000_000_000n);
    expect(await lookAtWallets()).toMatchObject([['wallet.low', { threshold: '30.00' }]]);
    await changeLowBalance(context, organizationId, 0n);
    await lookAtWallets();
    await holds('0');
    expect(await lookAtWallets()).toEqual([]);
  });
});

describe('an allowance', () => {
  const lookAtAllowances = () => look(entitlementsJobs, 'entitlements.watch_allowances');
  const at = (hours: number) => new Date(Date.parse('2026-03-04T00:00:00Z') + hours * 3_600_000);

  async function hold(day: number, available: string): Promise<void> {
    const id = `alw_${organizationId}_${day}`;
    await sql`
      insert into ledger_buckets
        (id, organization_id, kind, account, currency, available, opens_at, closes_at, organization_package_id, day)
      values (${id}, ${organizationId}, 'allowance', ${`allowance:${id}`}, 'USD', ${available},
        ${at(day * 24)}, ${at(day * 24 + 24)}, ${`opk_${organizationId}`}, ${day})
      on conflict (id) do update set available = excluded.available
    `.execute(db.database);
  }

  it('is told of at 80 % and when it is used up, once each day', async () => {
    await sql`
      insert into entitlements_packages
        (organization_package_id, organization_id, package_id, name, daily_limit, currency, starts_at, ends_at,
         duration_days, time_zone)
      values (${`opk_${organizationId}`}, ${organizationId}, 'pkg_1', 'Starter', 5000000000, 'USD', ${at(0)},
        ${at(72)}, 3, 'UTC')
    `.execute(db.database);
    await hold(0, '1000000001');
    await hold(1, '0');
    expect(await lookAtAllowances()).toEqual([]);
    await hold(0, '1000000000');
    const about = {
      ...{ package: `opk_${organizationId}`, name: 'Starter', allowance: '5.00' },
      ...{ currency: 'USD', resets_at: '2026-03-05T00:00:00.000Z' },
    };
    expect(await lookAtAllowances()).toEqual([
      ['allowance.nearly_used', { ...about, remaining: '1.00' }],
    ]);
    await hold(0, '0');
    expect(await lookAtAllowances()).toEqual([
      ['allowance.used_up', { ...about, remaining: '0.00' }],
    ]);
    platform.clocks.advance('PT12H');
    expect(await lookAtAllowances()).toMatchObject([
      ['allowance.used_up', { resets_at: '2026-03-06T00:00:00.000Z' }],
    ]);
  });
});

describe('what ends', () => {
  it('an API key is told of a week ahead, once for each end', async () => {
    const lookAtKeys = () => look(identityJobs, 'identity.tell_of_ending_keys');
    const id = `key_${organizationId}`;
    await sql`
      insert into identity_api_keys
        (id, organization_id, created_by, name, secret_hash, prefix, expires_at, created_at)
      values (${id}, ${organizationId}, 'usr_1', 'Production', ${`hash ${id}`}, 'sk-', '2026-03-20', '2026-03-01')
    `.execute(db.database);
    expect(await lookAtKeys()).toEqual([]);
    const job = identityJobs.find(({ name }) => name === 'identity.tell_of_ending_keys');
    expect(await job?.nextDue?.(context)).toEqual(new Date('2026-03-13T00:00:00Z'));
    platform.clocks.set('2026-03-13T00:00:00Z');
    const about = { api_key: id, name: 'Production' };
    expect(await lookAtKeys()).toEqual([
      ['api_key.expiring', { ...about, expires_at: '2026-03-20T00:00:00.000Z' }],
    ]);
    await sql`update identity_api_keys set expires_at = '2026-04-20' where id = ${id}`.execute(
      db.database,
    );
    platform.clocks.set('2026-04-14T00:00:00Z');
    expect(await lookAtKeys()).toHaveLength(1);
  });

  it('a package is told of three days ahead, once, and none that runs no longer', async () => {
    const lookAtPackages = () => look(subscriptionsJobs, 'subscriptions.tell_of_endings');
    for (const [id, days] of [
      ['long', 30],
      ['short', 3],
    ] as const) {
      await sql`
        insert into subscriptions_organization_packages
          (id, organization_id, package_id, name, price_minor, currency, duration_days, daily_limit, usage_currency,
           quotas, invoice_id, status, time_zone, created_at, starts_at, ends_at)
        values (${`opk_${id}${count}`}, ${organizationId}, 'pkg_1', ${id}, 3000, 'USD', ${days}, 5000000000, 'USD',
          '[]', ${`inv_${id}`}, 'active', 'UTC', '2026-03-04', '2026-03-04', '2026-03-10')
      `.execute(db.database);
    }
    expect(await lookAtPackages()).toEqual([]);
    platform.clocks.set('2026-03-07T00:00:00Z');
    expect(await lookAtPackages()).toEqual([
      [
        'package.ending',
        { package: `opk_long${count}`, name: 'long', ends_at: '2026-03-10T00:00:00.000Z' },
      ],
    ]);
  });
});

describe('a violated quota', () => {
  it('is told under one id, however often its news is', async () => {
    const violation = {
      ...{
        violationId: 'vio_01abc',
        organizationId,
        quotaId: 'quo_1',
        subjectKind: 'organization',
      },
      ...{ subjectId: organizationId, meterId: 'mtr_requests', window: 'month', isHard: true },
      ...{ limit: '100', used: '100', requested: '1', resetsAt: null },
      occurredAt: '2026-03-04T12:00:00.000Z',
    } as const;
    const [listener] = meteringListeners.filter(({ event }) => event === quotaExceeded.name);
    expect(listener?.kind).toBe(news(quotaExceeded, async () => undefined).kind);
    await listener?.run(context, undefined, violation as never, 'evt_1');
    await listener?.run(context, undefined, violation as never, 'evt_1');
    expect(new Set(heard.map(({ id }) => id))).toEqual(new Set(['hap_01abc']));
    expect(heard[0]?.data).toMatchObject({ meter: 'requests', limit: '100', used: '100' });
  });
});
