import { test as propertyTest } from '@fast-check/vitest';
import * as fc from 'fast-check';
import { sql } from 'kysely';
import type { Logger } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { inTransaction } from '../../platform/context.ts';
import { createHttpApp } from '../../platform/http/app.ts';
import { createRoutes } from '../../platform/http/routes.ts';
import { userCaller } from '../../platform/testkit/callers.ts';
import { fakeClocks } from '../../platform/testkit/clock.ts';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { type TestPlatform, testContext, testPlatform } from '../../platform/testkit/platform.ts';
import { createAccess } from '../access/access.ts';
import { type Access, sweepHolds, verifyLedger } from '../access/index.ts';
import { createAccessFixture, settleOf } from '../access/testkit/access-fixture.ts';
import {
  ensureTransferPartitions,
  ledgerJobs,
  openGrant,
  readWallet,
  registerLedger,
  turnGrants,
} from './index.ts';
import { giveGrant } from './operations/give-grant.ts';
import { listGrants } from './operations/list-grants.ts';

let db: TestDatabase;
let platform: TestPlatform;
let access: Access;
let fixture: Awaited<ReturnType<typeof createAccessFixture>>;
const start = '2026-03-04T10:00:00Z';

beforeAll(async () => {
  db = await createTestDatabase();
  platform = testPlatform(db, { clocks: fakeClocks(start) });
  access = createAccess(platform, { url: db.url });
  fixture = await createAccessFixture(platform);
  const from = new Date('2026-01-01T00:00:00Z');
  await ensureTransferPartitions(db.database, from, new Date('2027-06-01T00:00:00Z'));
});
beforeEach(() => platform.clocks.set(start));
afterAll(async () => {
  await access.close();
  const { problems } = await verifyLedger(platform);
  await db.close();
  expect(problems).toEqual([]);
});

const give = (organizationId: string, body: object) =>
  giveGrant(testContext(platform), {
    organizationId,
    ...(body as { amount: string }),
  });

const daily = (rolloverMax = '0') => ({ interval: 'day', rollover_max: rolloverMax });

/** What may be spent of grants now, in whole units. */
async function credit(organizationId: string): Promise<string[]> {
  const now = platform.clocks.business();
  const { grants } = await readWallet(db.database, organizationId);
  return grants
    .filter(({ opens_at, expires_at }) => (opens_at ?? now) <= now && (expires_at ?? now) >= now)
    .filter(({ expires_at }) => expires_at === null || expires_at > now)
    .map(({ available }) => String(available / nanos));
}

const nanos = 1_000_000_000n;

/** A call that costs so much, whatever is left of it held before. */
async function use(organizationId: string, units: bigint): Promise<void> {
  const call = fixture.call(organizationId, units * nanos, { minimum: 0n });
  await access.settle(settleOf(call, units * nanos));
}

async function balance(organizationId: string, account: string): Promise<bigint> {
  const { rows } = await sql<{ balance: bigint | null }>`
    select sum(case when credit = ${account} then amount else -amount end)::bigint as balance
    from ledger_transfers
    where organization_id = ${organizationId}
      and ${account} in (credit, debit)
  `.execute(db.database);
  return (rows[0]?.balance ?? 0n) / nanos;
}

describe('giveGrant', () => {
  test('gives credit that is spent before the wallet, and shows it', async () => {
    const id = await fixture.organization(5n * nanos);
    const grant = await give(id, { amount: '20', note: 'Welcome', priority: 3 });
    await use(id, 4n);
    const [listed] = await listGrants(testContext(platform), id, { before: undefined, limit: 5 });
    expect(listed).toMatchObject({ id: grant.id, balance: 16n * nanos, note: 'Welcome' });
    expect((await readWallet(db.database, id)).available).toBe(5n * nanos);
  });

  test.each([
    [{ amount: '1', currency: 'CNY' }, 'currency_unsupported', 'currency'],
    [{ amount: '1', expires_at: start }, 'rule_violated', 'expires_at'],
  ])('refuses %j', async (body, code, param) => {
    const id = await fixture.organization();
    await expect(give(id, body)).rejects.toMatchObject({ code, param });
  });

  test('refuses an organization that is not there', async () => {
    await expect(give('org_nobody', { amount: '1' })).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('the grants of an organization', () => {
  test('are given and listed by operators', async () => {
    const id = await fixture.organization();
    const { config, clocks, log } = platform;
    const app = await createHttpApp({ config, clocks, log: log as Logger });
    const caller = userCaller({ organizationId: 'org_1', platformRole: 'admin' });
    registerLedger(createRoutes(app, { platform, authenticate: async () => caller }));
    const url = `/api/v1/admin/organizations/${id}/grants`;
    const recurrence = { interval: 'month', interval_count: 1, rollover_max: '5.00' };
    const payload = { amount: '12.5', note: 'Research', recurrence };
    const given = await app.inject({ method: 'POST', url, payload });
    expect(given.statusCode, given.body).toBe(201);
    expect(given.json()).toMatchObject({
      ...{ amount: '12.50', balance: '12.50', currency: 'USD', priority: 0, note: 'Research' },
      ...{ recurrence, expires_at: null, starts_at: '2026-03-04T10:00:00.000Z' },
    });
    await use(id, 2n);
    const listed = await app.inject({ method: 'GET', url });
    expect(listed.json()).toEqual({
      data: [{ ...given.json(), balance: '10.50' }],
      next_cursor: null,
    });
    await app.close();
  });
});

describe('turnGrants', () => {
  test('lets what is left at the end expire, once', async () => {
    const id = await fixture.organization();
    const grant = await give(id, { amount: '20', expires_at: '2026-03-10T00:00:00Z' });
    await use(id, 5n);
    platform.clocks.set('2026-03-09T23:59:59Z');
    await turnGrants(testContext(platform));
    expect(await credit(id)).toEqual(['15']);
    platform.clocks.set('2026-03-10T00:00:00Z');
    expect(await credit(id)).toEqual([]);
    await Promise.all([turnGrants(testContext(platform)), turnGrants(testContext(platform))]);
    await turnGrants(testContext(platform));
    expect(await balance(id, `grant:${grant.id}`)).toBe(0n);
    expect(await balance(id, 'breakage')).toBe(15n);
  });

  test('gives anew for each period, and needs nobody to run at its beginning', async () => {
    const id = await fixture.organization();
    await give(id, { amount: '100', recurrence: daily() });
    await use(id, 30n);
    expect(await credit(id)).toEqual(['70']);
    platform.clocks.set('2026-03-05T10:00:00Z');
    expect(await credit(id)).toEqual(['100']);
    await turnGrants(testContext(platform));
    expect(await credit(id)).toEqual(['100']);
    expect(await balance(id, 'breakage')).toBe(70n);
  });

  test('carries on what is left, and no more than is allowed', async () => {
    const id = await fixture.organization();
    await give(id, { amount: '100', recurrence: daily('50') });
    await use(id, 10n);
    platform.clocks.set('2026-03-05T10:00:00Z');
    await turnGrants(testContext(platform));
    expect(await credit(id)).toEqual(['150']);
    await use(id, 120n);
    platform.clocks.set('2026-03-06T10:00:00Z');
    await turnGrants(testContext(platform));
    expect(await credit(id)).toEqual(['130']);
    expect(await balance(id, 'breakage')).toBe(40n);
  });

  test('keeps what was overused: the next period pays for it', async () => {
    const id = await fixture.organization();
    await give(id, { amount: '100', recurrence: daily() });
    await use(id, 120n);
    platform.clocks.set('2026-03-05T11:00:00Z');
    await turnGrants(testContext(platform));
    const next = fixture.call(id, nanos);
    expect(await access.authorize(next)).toMatchObject({ permitted: true });
    await access.settle(settleOf(next, nanos));
    expect(await credit(id)).toEqual(['79']);
    expect((await readWallet(db.database, id)).owed).toBe(0n);
  });

  test('catches up on periods that nobody ended, and ends with the grant', async () => {
    const id = await fixture.organization();
    const expires_at = '2026-03-09T00:00:00Z';
    await give(id, { amount: '10', expires_at, recurrence: daily('5') });
    platform.clocks.set('2026-03-20T00:00:00Z');
    await turnGrants(testContext(platform));
    expect(await credit(id)).toEqual([]);
    expect(await balance(id, 'breakage')).toBe(50n);
    expect(await ledgerJobs[0]?.nextDue?.(testContext(platform))).not.toEqual(new Date(expires_at));
  });

  test('says when a period ends next', async () => {
    const id = await fixture.organization();
    await give(id, { amount: '1', expires_at: '2026-03-04T10:00:01Z' });
    const due = await ledgerJobs[0]?.nextDue?.(testContext(platform));
    expect(due).toEqual(new Date('2026-03-04T10:00:01Z'));
  });

  test('leaves to a call in flight what it holds, and what it gives back expires then', async () => {
    const id = await fixture.organization();
    const expires_at = '2026-03-05T00:00:00Z';
    await give(id, { amount: '20', expires_at });
    const call = fixture.call(id, 8n * nanos);
    expect(await access.authorize(call)).toMatchObject({ permitted: true });
    platform.clocks.set('2026-03-05T00:00:10Z');
    await turnGrants(testContext(platform));
    expect(await balance(id, 'breakage')).toBe(12n);
    await access.settle(settleOf(call, 3n * nanos));
    expect(await balance(id, 'revenue')).toBe(3n);
    await turnGrants(testContext(platform));
    expect(await balance(id, 'breakage')).toBe(17n);
  });

  propertyTest.prop(
    [
      fc.bigInt(1n, 50n),
      fc.bigInt(0n, 60n),
      fc.array(
        fc.record({
          hours: fc.integer({ min: 0, max: 40 }),
          use: fc.bigInt(0n, 70n),
          turns: fc.boolean(),
        }),
        { minLength: 1, maxLength: 10 },
      ),
    ],
    { numRuns: 25, endOnFailure: true },
  )(
    'gives in all no more than its periods, and leaves nothing unaccounted',
    async (amount, rolloverMax, steps) => {
      platform.clocks.set(start);
      const id = await fixture.organization();
      await give(id, { amount: String(amount), recurrence: daily(String(rolloverMax)) });
      let hours = 0;
      for (const step of steps) {
        hours += step.hours;
        platform.clocks.set(new Date(Date.parse(start) + hours * 3_600_000));
        if (step.turns) await turnGrants(testContext(platform));
        if (step.use > 0n) await use(id, step.use);
        const [now = '0'] = await credit(id);
        expect(BigInt(now) <= amount + rolloverMax).toBe(true);
      }
      await sweepHolds(platform);
      await turnGrants(testContext(platform));
      const periods = BigInt(Math.floor(hours / 24)) + 2n;
      expect(-(await balance(id, 'world'))).toBe(periods * amount);
      const { grants, owed } = await readWallet(db.database, id);
      const left = grants.reduce((sum, { available }) => sum + available / nanos, 0n);
      const spent = (await balance(id, 'revenue')) - owed / nanos;
      expect(left + spent + (await balance(id, 'breakage'))).toBe(periods * amount);
    },
    60_000,
  );

  test('goes on with others where one cannot be ended', async () => {
    const [broken, fine] = [await fixture.organization(), await fixture.organization()];
    const expiresAt = new Date('2026-03-04T11:00:00Z');
    const opened = await inTransaction(testContext(platform), (transaction) =>
      openGrant(testContext(platform), transaction, {
        ...{ organizationId: broken, amount: { amount: nanos, currency: 'USD' }, priority: 0 },
        ...{ expiresAt, reference: 'gift' },
      }),
    );
    await give(fine, { amount: '2', expires_at: expiresAt.toISOString() });
    // Not the currency of its bucket.
    await sql`update ledger_grants set currency = 'CNY' where id = ${opened.id}`.execute(
      db.database,
    );
    platform.clocks.set(expiresAt);
    await turnGrants(testContext(platform));
    expect(await balance(fine, 'breakage')).toBe(2n);
    expect(await balance(broken, 'breakage')).toBe(0n);
    await sql`update ledger_grants set currency = 'USD' where id = ${opened.id}`.execute(
      db.database,
    );
    await turnGrants(testContext(platform));
    expect(await balance(broken, 'breakage')).toBe(1n);
  });
});
