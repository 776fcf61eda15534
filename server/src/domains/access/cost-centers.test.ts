import { test as propertyTest } from '@fast-check/vitest';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fakeClocks } from '../../platform/testkit/clock.ts';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { type TestPlatform, testPlatform } from '../../platform/testkit/platform.ts';
import { sumUsage } from '../metering/index.ts';
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

const groupings = ['model', 'api_key', 'application', 'member', 'cost_center'] as const;
type Grouping = (typeof groupings)[number];

/** What was spent over the month, by what it is split by. */
async function split(organizationId: string, groups: readonly Grouping[]) {
  const points = await sumUsage(db.database, {
    ...{ organizationId, groups, timeZone: 'UTC', interval: 'all' },
    from: new Date('2026-03-01T00:00:00Z'),
    to: new Date('2026-04-01T00:00:00Z'),
  });
  return points.map((point) => ({
    name: groups.map((group) => point[group] ?? 'none').join(' '),
    amount: point.amount,
    calls: point.calls,
  }));
}

describe('a call', () => {
  test('is booked under the cost center that it had when it was authorized', async () => {
    const organization = await fixture.organization(1_000n);
    const before = fixture.call(organization, 100n, { costCenterId: 'cct_a' });
    await access.authorize(before);
    // Assigned elsewhere while the first is in flight.
    const after = fixture.call(organization, 100n, { costCenterId: 'cct_b' });
    await access.authorize(after);
    await access.settle(settleOf(after, 7n));
    await access.settle(settleOf(before, 40n));
    const alone = fixture.call(organization, 100n);
    await access.authorize(alone);
    await access.settle(settleOf(alone, 3n));
    expect(await split(organization, ['cost_center'])).toEqual([
      { name: 'cct_a', amount: 40n, calls: 1n },
      { name: 'cct_b', amount: 7n, calls: 1n },
      { name: 'none', amount: 3n, calls: 1n },
    ]);
  });

  test('that was made before its key had another holder stays with who held it', async () => {
    const organization = await fixture.organization(1_000n);
    for (const [userId, amount] of [
      ['usr_ada', 5n],
      ['usr_bob', 8n],
    ] as const) {
      const call = fixture.call(organization, 100n, { userId, apiKeyId: 'key_handed_over' });
      await access.authorize(call);
      await access.settle(settleOf(call, amount));
    }
    expect(await split(organization, ['api_key', 'member'])).toEqual([
      { name: 'key_handed_over usr_ada', amount: 5n, calls: 1n },
      { name: 'key_handed_over usr_bob', amount: 8n, calls: 1n },
    ]);
  });
});

describe('a spend cap', () => {
  test.each([
    ['of a member, whichever key they use', { userId: 'usr_ada' }, 'member'],
    ['of a cost center, whoever books under it', { costCenterId: 'cct_a' }, 'cost_center'],
  ] as const)('%s refuses what would pass it, and nobody else', async (_, subject, kind) => {
    const organization = await fixture.organization(10_000n);
    await fixture.quota(organization, {
      ...{ meterId: 'mtr_cost', window: 'month', limit: 100n },
      ...subject,
    });
    const shared = { userId: 'usr_ada', costCenterId: 'cct_a' };
    const first = fixture.call(organization, 60n, { ...shared, apiKeyId: 'key_one' });
    expect(await access.authorize(first)).toMatchObject({ permitted: true });
    const second = fixture.call(organization, 60n, { ...shared, apiKeyId: 'key_two' });
    expect(await access.authorize(second)).toMatchObject({
      ...{ permitted: false, code: 'spend_cap_exceeded' },
      quota: { subjectKind: kind, limit: 100n, reserved: 60n },
    });
    const other = fixture.call(organization, 60n, { userId: 'usr_bob', costCenterId: 'cct_b' });
    expect(await access.authorize(other)).toMatchObject({ permitted: true });

    await access.settle(settleOf(first, 40n));
    expect(await access.authorize(second)).toMatchObject({ permitted: true });
    await access.release(second);
    await access.release(other);
  });

  test('gets back what a process held that died', async () => {
    const organization = await fixture.organization(10_000n);
    const terms = { meterId: 'mtr_cost', window: 'lifetime', limit: 50n } as const;
    await fixture.quota(organization, { ...terms, costCenterId: 'cct_a' });
    const lost = fixture.call(organization, 50n, { costCenterId: 'cct_a' });
    await access.authorize(lost);
    const next = fixture.call(organization, 50n, { costCenterId: 'cct_a' });
    expect(await access.authorize(next)).toMatchObject({ permitted: false });
    platform.clocks.advance('PT5M');
    await sweepHolds(platform);
    const again = fixture.call(organization, 50n, { costCenterId: 'cct_a' });
    expect(await access.authorize(again)).toMatchObject({ permitted: true });
    await access.release(again);
  });

  test('that is set within its window counts what was spent before', async () => {
    const organization = await fixture.organization(10_000n);
    const call = fixture.call(organization, 80n, { costCenterId: 'cct_a' });
    await access.authorize(call);
    await access.settle(settleOf(call, 80n));
    const terms = { meterId: 'mtr_cost', window: 'day', limit: 100n } as const;
    await fixture.quota(organization, { ...terms, costCenterId: 'cct_a' });
    const next = fixture.call(organization, 30n, { costCenterId: 'cct_a' });
    expect(await access.authorize(next)).toMatchObject({ permitted: false, quota: { used: 80n } });
  });
});

const spent = fc.record({
  amount: fc.bigInt({ min: 0n, max: 10n ** 12n }),
  apiKeyId: fc.option(fc.constantFrom('key_1', 'key_2', 'key_3'), { nil: null }),
  userId: fc.option(fc.constantFrom('usr_1', 'usr_2'), { nil: null }),
  costCenterId: fc.option(fc.constantFrom('cct_1', 'cct_2', 'cct_3'), { nil: null }),
  model: fc.constantFrom('gpt-4o-mini', 'claude-sonnet-4-5'),
  hours: fc.nat({ max: 60 }),
});

describe('sumUsage', () => {
  propertyTest.prop([fc.array(spent, { minLength: 1, maxLength: 25 })], { numRuns: 12 })(
    'sums to the same, however it is split',
    async (calls) => {
      const organization = await fixture.organization(10n ** 15n);
      for (const { amount, hours, ...of } of calls) {
        const authorizedAt = new Date(Date.parse('2026-03-02T00:00:00Z') + hours * 3_600_000);
        const call = fixture.call(organization, 10n ** 12n, { ...of, authorizedAt });
        await access.authorize(call);
        await access.settle(settleOf(call, amount));
      }
      const total = calls.reduce((sum, { amount }) => sum + amount, 0n);
      const subsets = fc.sample(fc.subarray([...groupings]), 6);
      for (const groups of [[], ['member'], ['cost_center'], ...subsets] as Grouping[][]) {
        const parts = await split(organization, groups);
        expect(parts.reduce((sum, { amount }) => sum + amount, 0n)).toBe(total);
        expect(parts.reduce((sum, one) => sum + one.calls, 0n)).toBe(BigInt(calls.length));
      }
    },
    60_000,
  );
});
