import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { fakeClocks } from '../../platform/testkit/clock.ts';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { type TestPlatform, testPlatform } from '../../platform/testkit/platform.ts';
import { type Access, createAccess, sweepHolds, verifyLedger } from './index.ts';
import { type AccessFixture, createAccessFixture, settleOf } from './testkit/access-fixture.ts';

let db: TestDatabase;
let platform: TestPlatform;
let fixture: AccessFixture;
let access: Access;

beforeAll(async () => {
  db = await createTestDatabase();
  platform = testPlatform(db, { clocks: fakeClocks('2026-03-04T12:00:00Z') });
  fixture = await createAccessFixture(platform);
  access = createAccess(platform, { url: db.url });
});

afterAll(async () => {
  await access.close();
  const { problems } = await verifyLedger(platform);
  await db.close();
  expect(problems).toEqual([]);
});

beforeEach(() => platform.clocks.set('2026-03-04T12:00:00Z'));

interface Counter {
  used: bigint;
  reserved: bigint;
  window_from: Date;
  resets_at: Date;
}

async function countersOf(quotaId: string): Promise<Counter[]> {
  const { rows } = await sql<Counter>`
    select used, reserved, window_from, resets_at
    from metering_counters
    where quota_id = ${quotaId}
    order by window_from
  `.execute(db.database);
  return rows;
}

async function violationsOf(quotaId: string) {
  const { rows } = await sql<{ requested: bigint; used: bigint; told: bigint }>`
    select requested, used,
      (select count(*) from platform_outbox where payload ->> 'violationId' = v.id and event = 'quota.exceeded') as told
    from metering_violations v
    where quota_id = ${quotaId}
  `.execute(db.database);
  return rows;
}

describe('a hard quota', () => {
  test('is reserved by the authorize, committed by the settle, given back by a release and a sweep', async () => {
    const organization = await fixture.organization(1_000n);
    const quota = await fixture.quota(organization, {
      meterId: 'mtr_tokens',
      window: 'day',
      limit: 1_000n,
    });
    const calls = Array.from({ length: 4 }, () => fixture.call(organization, 10n));
    await Promise.all(calls.map((call) => access.authorize(call)));
    expect(await countersOf(quota)).toMatchObject([{ used: 0n, reserved: 400n }]);
    const [first, second, third] = calls as [
      (typeof calls)[0],
      (typeof calls)[0],
      (typeof calls)[0],
    ];
    await access.settle(settleOf(first, 5n));
    expect(await countersOf(quota)).toMatchObject([{ used: 46n, reserved: 300n }]);
    await Promise.all([access.release(second), access.settle(settleOf(third, 7n))]);
    expect(await countersOf(quota)).toMatchObject([{ used: 92n, reserved: 100n }]);
    platform.clocks.advance('PT1H');
    await sweepHolds(platform);
    expect(await countersOf(quota)).toMatchObject([{ used: 92n, reserved: 0n }]);
  });

  test('refuses what it has no room for, to the unit, and names itself; a refusal takes nothing', async () => {
    const organization = await fixture.organization(1_000n);
    const quota = await fixture.quota(organization, {
      meterId: 'mtr_tokens',
      window: 'month',
      limit: 250n,
    });
    const calls = [100, 101, 100, 51, 50].map((tokens) =>
      fixture.call(organization, 10n, { tokens }),
    );
    const answers = await Promise.all(calls.map((call) => access.authorize(call)));
    expect(answers.map(({ permitted }) => permitted)).toEqual([true, true, false, false, false]);
    expect(await access.authorize(fixture.call(organization, 10n, { tokens: 49 }))).toMatchObject({
      permitted: true,
    });
    expect(answers[2]).toEqual({
      permitted: false,
      code: 'quota_exceeded',
      quota: {
        quotaId: quota,
        meterId: 'mtr_tokens',
        subjectKind: 'organization',
        subjectId: organization,
        window: 'month',
        limit: 250n,
        isHard: true,
        used: 0n,
        reserved: 201n,
        resetsAt: new Date('2026-04-01T00:00:00Z'),
      },
    });
    expect(await countersOf(quota)).toMatchObject([{ used: 0n, reserved: 250n }]);
    expect(await violationsOf(quota)).toEqual([{ requested: 100n, used: 0n, told: 1n }]);
  });

  test('counts a late settle in the window in which the call began', async () => {
    const organization = await fixture.organization(1_000n);
    const quota = await fixture.quota(organization, {
      meterId: 'mtr_requests',
      window: 'minute',
      limit: 1n,
    });
    const [before, after] = [fixture.call(organization, 1n), fixture.call(organization, 1n)];
    expect(await access.authorize(before)).toMatchObject({ permitted: true });
    expect(await access.authorize(fixture.call(organization, 1n))).toMatchObject({
      code: 'quota_exceeded',
    });
    platform.clocks.advance('PT1M');
    expect(
      await access.authorize({ ...after, authorizedAt: platform.clocks.business() }),
    ).toMatchObject({ permitted: true });
    await access.settle(settleOf(before, 1n));
    expect(await countersOf(quota)).toMatchObject([
      { used: 1n, reserved: 0n },
      { used: 0n, reserved: 1n },
    ]);
  });

  test('of a key or a member leaves others alone; a spend cap says so', async () => {
    const organization = await fixture.organization(1_000n);
    await fixture.quota(organization, {
      meterId: 'mtr_cost',
      window: 'lifetime',
      limit: 10n,
      apiKeyId: 'key_capped',
    });
    await fixture.quota(organization, {
      meterId: 'mtr_requests',
      window: 'day',
      limit: 1n,
      userId: 'usr_few',
    });
    const ask = (apiKeyId: string, userId: string, worstCase: bigint) =>
      access.authorize(fixture.call(organization, worstCase, { apiKeyId, userId }));
    expect(await ask('key_capped', 'usr_1', 11n)).toMatchObject({
      code: 'spend_cap_exceeded',
      quota: { subjectKind: 'api_key', subjectId: 'key_capped', resetsAt: null },
    });
    expect(await ask('key_free', 'usr_1', 11n)).toMatchObject({ permitted: true });
    expect(await ask('key_capped', 'usr_few', 10n)).toMatchObject({ permitted: true });
    expect(await ask('key_free', 'usr_few', 1n)).toMatchObject({
      code: 'quota_exceeded',
      quota: { subjectKind: 'member' },
    });
  });

  test('made in the middle of a window starts from what was used and is reserved in it', async () => {
    const organization = await fixture.organization(1_000n, 'Asia/Kolkata');
    platform.clocks.set('2026-03-04T09:10:00Z');
    const calls = Array.from({ length: 3 }, () => fixture.call(organization, 10n));
    for (const [index, call] of calls.entries()) {
      await access.authorize({ ...call, authorizedAt: platform.clocks.business() });
      if (index < 2) {
        await access.settle({ ...settleOf(call, 10n), authorizedAt: platform.clocks.business() });
      }
      platform.clocks.advance('PT70M');
    }
    const quotas = await Promise.all(
      (['day', 'lifetime'] as const).map((window) =>
        fixture.quota(organization, { meterId: 'mtr_requests', window, limit: 4n }),
      ),
    );
    expect(await access.authorize(fixture.call(organization, 1n))).toMatchObject({
      permitted: true,
    });
    expect(await access.authorize(fixture.call(organization, 1n))).toMatchObject({
      permitted: false,
    });
    for (const quota of quotas) {
      expect(await countersOf(quota)).toMatchObject([{ used: 2n, reserved: 2n }]);
    }
  });

  test('ends with its source', async () => {
    const organization = await fixture.organization(1_000n);
    await fixture.quota(organization, {
      meterId: 'mtr_requests',
      window: 'lifetime',
      limit: 1n,
      endsAt: new Date('2026-03-04T13:00:00Z'),
    });
    expect(await access.authorize(fixture.call(organization, 1n))).toMatchObject({
      permitted: true,
    });
    expect(await access.authorize(fixture.call(organization, 1n))).toMatchObject({
      permitted: false,
    });
    platform.clocks.set('2026-03-04T13:00:00Z');
    expect(await access.authorize(fixture.call(organization, 1n))).toMatchObject({
      permitted: true,
    });
  });
});

describe('a soft quota', () => {
  test('permits, and records once per window that it was passed', async () => {
    const organization = await fixture.organization(1_000n);
    const quota = await fixture.quota(organization, {
      meterId: 'mtr_requests',
      window: 'day',
      limit: 1n,
      isHard: false,
    });
    for (let count = 0; count < 3; count += 1) {
      const call = fixture.call(organization, 1n);
      expect(await access.authorize(call)).toMatchObject({ permitted: true });
      await access.settle(settleOf(call, 1n));
    }
    expect(await violationsOf(quota)).toEqual([{ requested: 1n, used: 2n, told: 1n }]);
  });

  test('is passed by calls that are settled together', async () => {
    const organization = await fixture.organization(1_000n);
    const terms = { meterId: 'mtr_requests', window: 'day', limit: 2n, isHard: false } as const;
    const quota = await fixture.quota(organization, terms);
    const calls = [1, 2, 3].map(() => fixture.call(organization, 1n));
    await Promise.all(calls.map((call) => access.authorize(call)));
    expect(await violationsOf(quota)).toEqual([]);
    await Promise.all(calls.map((call) => access.settle(settleOf(call, 1n))));
    expect(await countersOf(quota)).toMatchObject([{ used: 3n, reserved: 0n }]);
    expect(await violationsOf(quota)).toEqual([{ requested: 3n, used: 3n, told: 1n }]);
  });
});

describe('the days of an organization that moves', () => {
  test('turn at the next reset of the old zone; the day after is the longer, and there is none between', async () => {
    const organization = await fixture.organization(1_000n, 'Asia/Shanghai');
    const quota = await fixture.quota(organization, {
      meterId: 'mtr_requests',
      window: 'day',
      limit: 1n,
    });
    const ask = (at: string) => {
      platform.clocks.set(at);
      return access.authorize(fixture.call(organization, 1n));
    };
    expect(await ask('2026-03-04T12:00:00Z')).toMatchObject({ permitted: true });
    await sql`
      update ledger_organizations set time_zone = 'America/New_York' where organization_id = ${organization}
    `.execute(db.database);
    expect(await ask('2026-03-04T15:59:59Z')).toMatchObject({ permitted: false });
    expect(await ask('2026-03-04T16:00:00Z')).toMatchObject({ permitted: true });
    // New York's next midnight would make a day of thirteen hours.
    expect(await ask('2026-03-05T05:00:00Z')).toMatchObject({ permitted: false });
    expect(await ask('2026-03-06T05:00:00Z')).toMatchObject({ permitted: true });
    expect((await countersOf(quota)).map(({ resets_at }) => resets_at.toISOString())).toEqual([
      '2026-03-04T16:00:00.000Z',
      '2026-03-06T05:00:00.000Z',
      '2026-03-07T05:00:00.000Z',
    ]);
  });
});

describe('calls of applications', () => {
  test('are counted by their meters, hold no money without a price, and need the organization', async () => {
    const [organization, meter] = [await fixture.organization(), await fixture.meter('sum')];
    const quota = await fixture.quota(organization, { meterId: meter, window: 'day', limit: 10n });
    const unpriced = { model: null, priceId: null, applicationId: 'app_1', tokens: 0 };
    const call = (quantity: bigint, id = organization) =>
      fixture.call(id, 0n, {
        ...unpriced,
        meters: [{ meterId: meter, quantity, requiresQuota: false }],
        wantLimits: true,
      });
    const [six, five] = [call(6n), call(5n)];
    expect(await access.authorize(six)).toMatchObject({
      permitted: true,
      held: 0n,
      limits: [{ quotaId: quota, used: 0n, reserved: 6n }],
    });
    expect(await access.authorize(five)).toMatchObject({
      permitted: false,
      quota: { quotaId: quota },
    });
    // Asked again it reserves nothing more, and shows its limits as they are now.
    await access.authorize(call(1n));
    expect(await access.authorize(six)).toEqual({
      permitted: true,
      held: 0n,
      limits: [expect.objectContaining({ quotaId: quota, used: 0n, reserved: 7n })],
    });
    await access.settle({ ...settleOf(six, 0n), meters: [{ meterId: meter, quantity: 4n }] });
    expect(await countersOf(quota)).toMatchObject([{ used: 4n, reserved: 1n }]);
    expect(await access.authorize(call(1n, 'org_unknown'))).toMatchObject({ permitted: false });
  });

  test('are refused where a meter requires a quota and there is none', async () => {
    const organization = await fixture.organization();
    const meter = await fixture.meter('count', { requiresQuota: true });
    const call = () =>
      fixture.call(organization, 0n, {
        model: null,
        priceId: null,
        applicationId: 'app_1',
        meters: [{ meterId: meter, quantity: 1n, requiresQuota: true }],
      });
    expect(await access.authorize(call())).toEqual({
      permitted: false,
      code: 'quota_required',
      meterId: meter,
      quota: null,
    });
    await fixture.quota(organization, { meterId: meter, window: 'day', limit: null });
    expect(await access.authorize(call())).toEqual({ permitted: true, held: 0n });
  });
});
