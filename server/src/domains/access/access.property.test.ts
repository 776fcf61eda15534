import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { type TestPlatform, testPlatform } from '../../platform/testkit/platform.ts';
import { readWallet } from '../ledger/index.ts';
import { type Access, createAccess, sweepHolds, verifyLedger } from './index.ts';
import { type AccessFixture, createAccessFixture, settleOf } from './testkit/access-fixture.ts';
import { play, type Round, type Step } from './testkit/simulation.ts';

let db: TestDatabase;
let platform: TestPlatform;
let fixture: AccessFixture;
let processes: Access[];
let meterId: string;

beforeAll(async () => {
  db = await createTestDatabase();
  platform = testPlatform(db);
  fixture = await createAccessFixture(platform);
  meterId = await fixture.meter('sum');
  processes = [createAccess(platform, { url: db.url }), createAccess(platform, { url: db.url })];
});

afterAll(async () => {
  await Promise.all(processes.map((access) => access.close()));
  await db.close();
});

const organization = fc.nat({ max: 2 });
const call = fc.nat({ max: 60 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('authorize' as const),
      organization,
      worstCase: fc.nat({ max: 100 }),
      capped: fc.boolean(),
      tokens: fc.nat({ max: 90 }),
      key: fc.nat({ max: 2 }),
      user: fc.nat({ max: 1 }),
      costCenter: fc.nat({ max: 2 }),
      quantity: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat({ max: 5 })),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('quota' as const),
      organization,
      meter: fc.nat({ max: 3 }),
      window: fc.constantFrom('minute', 'hour', 'day', 'month', 'year', 'lifetime'),
      isAnchored: fc.boolean(),
      limit: fc.nat({ max: 300 }),
      isHard: fc.boolean(),
      subject: fc.constantFrom('organization', 'member', 'api_key', 'cost_center'),
      number: fc.nat({ max: 2 }),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('settle' as const),
      call,
      cost: fc.nat({ max: 150 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('release' as const), call }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('renew' as const), call }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('sweep' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('top_up' as const),
      organization,
      amount: fc.integer({ min: 1, max: 300 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('grant' as const),
      organization,
      amount: fc.integer({ min: 1, max: 100 }),
      hours: fc.integer({ min: 1, max: 30 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('package' as const),
      organization,
      dailyLimit: fc.integer({ min: 1, max: 100 }),
      days: fc.integer({ min: 1, max: 4 }),
    }),
  },
);
const rounds: fc.Arbitrary<Round[]> = fc.array(
  fc.record({
    steps: fc.array(step, { minLength: 1, maxLength: 14 }),
    minutes: fc.constantFrom(0, 1, 3, 700),
  }),
  { minLength: 3, maxLength: 14 },
);

describe('any interleaving of calls, sweeps, money and days', () => {
  test('leaves books that agree, pays each call once, and leaks no hold', async () => {
    const property = fc.asyncProperty(rounds, async (played) => {
      const organizations = await Promise.all(
        [0n, 200n, 1_000n].map((amount) => fixture.organization(amount)),
      );
      const { settled } = await play(
        { platform, fixture, processes, organizations, meterId },
        played,
      );

      const during = await verifyLedger(platform);
      expect(during.problems).toEqual([]);
      for (const { cost, settlement } of settled.values()) {
        const paid = settlement.parts.reduce((sum, { amount }) => sum + amount, 0n);
        expect(paid + settlement.shortfall).toBe(cost);
        expect(settlement.parts.every(({ amount }) => amount > 0n)).toBe(true);
      }
      platform.clocks.advance('PT1H');
      await sweepHolds(platform);
      const after = await verifyLedger(platform);
      expect(after).toMatchObject({ problems: [], holds: 0 });
      const receipts = await receiptsOf(organizations);
      expect(receipts).toEqual(
        new Map([...settled].map(([requestId, { cost }]) => [requestId, cost])),
      );
    });
    await fc.assert(property, { numRuns: 40, endOnFailure: true });
  }, 120_000);
});

describe('the batch and the shorter way for one', () => {
  test('give the same answers and leave the same funds', async () => {
    const property = fc.asyncProperty(batches, fc.boolean(), async (phases, hasQuotas) => {
      const twins = await Promise.all([twin(hasQuotas), twin(hasQuotas)]);
      const answers = await Promise.all(
        twins.map(async (organization, index) => replay(organization, phases, index === 0)),
      );
      expect(answers[1]).toEqual(answers[0]);
      const [one, other] = await Promise.all(
        twins.map(async (id) => [await fundsOf(id), await countersOf(id)]),
      );
      expect(other).toEqual(one);
    });
    await fc.assert(property, { numRuns: 40, endOnFailure: true });
    expect((await verifyLedger(platform)).problems).toEqual([]);
  }, 120_000);
});

describe('the order of settles', () => {
  test('does not change what all of them cost and leave', async () => {
    const orders = fc
      .array(fc.record({ held: fc.nat({ max: 60 }), cost: fc.nat({ max: 120 }) }), {
        minLength: 2,
        maxLength: 8,
      })
      .chain((calls) =>
        fc.record({
          calls: fc.constant(calls),
          orders: fc.tuple(
            fc.shuffledSubarray([...calls.keys()], { minLength: calls.length }),
            fc.shuffledSubarray([...calls.keys()], { minLength: calls.length }),
          ),
        }),
      );
    const property = fc.asyncProperty(orders, async ({ calls, orders }) => {
      const [one, other] = await Promise.all(
        orders.map(async (order) => {
          const id = await twin();
          const commands = calls.map(({ held }) => fixture.call(id, BigInt(held), { minimum: 0n }));
          for (const command of commands) await processes[0]?.authorize(command);
          await Promise.all(
            order.map((index) => {
              const command = commands[index] as (typeof commands)[number];
              return processes[index % 2]?.settle(
                settleOf(command, BigInt(calls[index]?.cost ?? 0)),
              );
            }),
          );
          // An early settle may have found funds held that a later one gave back: the next call pays what it owes.
          await processes[0]?.authorize(fixture.call(id, 0n));
          const funds = await fundsOf(id);
          return {
            left: funds.buckets.reduce((sum, { available }) => sum + available, 0n),
            owed: funds.owed,
          };
        }),
      );
      expect(other).toEqual(one);
    });
    await fc.assert(property, { numRuns: 30, endOnFailure: true });
  }, 120_000);
});

type Phase =
  | {
      kind: 'authorize';
      calls: {
        worstCase: number;
        capped: boolean;
        tokens: number;
        key: number;
        quantity: number;
      }[];
    }
  | { kind: 'end'; ends: { call: number; cost: number | null }[] }
  | { kind: 'top_up'; amount: number };

const batches: fc.Arbitrary<Phase[]> = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constant('authorize' as const),
      calls: fc.array(
        fc.record({
          worstCase: fc.nat({ max: 90 }),
          capped: fc.boolean(),
          tokens: fc.nat({ max: 90 }),
          key: fc.nat({ max: 1 }),
          quantity: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat({ max: 5 })),
        }),
        { minLength: 1, maxLength: 8 },
      ),
    }),
    fc.record({
      kind: fc.constant('end' as const),
      ends: fc.array(
        fc.record({
          call: fc.nat({ max: 30 }),
          cost: fc.option(fc.nat({ max: 140 }), { freq: 6 }),
        }),
        { minLength: 1, maxLength: 8 },
      ),
    }),
    fc.record({ kind: fc.constant('top_up' as const), amount: fc.integer({ min: 1, max: 90 }) }),
  ),
  { minLength: 2, maxLength: 10 },
);

/** Two of them have the same funds of every kind. */
async function twin(hasQuotas = false): Promise<string> {
  const id = await fixture.organization(150n);
  if (hasQuotas) {
    await fixture.quota(id, { meterId: 'mtr_requests', window: 'day', limit: 12n });
    await fixture.quota(id, {
      meterId: 'mtr_tokens',
      window: 'month',
      limit: 200n,
      apiKeyId: 'key_0',
    });
    await fixture.quota(id, {
      meterId: 'mtr_cost',
      window: 'lifetime',
      limit: 120n,
      apiKeyId: 'key_1',
    });
    await fixture.quota(id, { meterId, window: 'year', limit: 9n });
  }
  await fixture.buyPackage(id, 60n);
  await fixture.grant(id, 40n);
  return id;
}

/** Plays the phases on a process of its own, one call after the other or all of a phase at once. */
async function replay(organization: string, phases: readonly Phase[], oneByOne: boolean) {
  const access = createAccess(platform, { url: db.url });
  const calls: ReturnType<AccessFixture['call']>[] = [];
  const answers: unknown[] = [];
  const run = async (asks: (() => Promise<unknown>)[]) => {
    const settled: PromiseSettledResult<unknown>[] = [];
    if (oneByOne) for (const ask of asks) settled.push(...(await Promise.allSettled([ask()])));
    else settled.push(...(await Promise.allSettled(asks.map((ask) => ask()))));
    answers.push(...settled.map(comparable));
  };
  for (const phase of phases) {
    if (phase.kind === 'top_up') await fixture.topUp(organization, BigInt(phase.amount));
    if (phase.kind === 'authorize') {
      const asked = phase.calls.map(({ worstCase, capped, tokens, key, quantity }) =>
        fixture.call(organization, BigInt(worstCase), {
          ...(capped && { minimum: 0n }),
          tokens,
          apiKeyId: `key_${key}`,
          ...(quantity > 0 && {
            meters: [{ meterId, quantity: BigInt(quantity), requiresQuota: false }],
          }),
        }),
      );
      calls.push(...asked);
      await run(asked.map((command) => () => access.authorize(command)));
    }
    if (phase.kind === 'end' && calls.length > 0) {
      await run(
        phase.ends.map(({ call, cost }) => {
          const command = calls[call % calls.length] as (typeof calls)[number];
          return () =>
            cost === null
              ? access.release(command)
              : access.settle(settleOf(command, BigInt(cost)));
        }),
      );
    }
  }
  await access.close();
  return answers;
}

/** Answers without ids, which differ between twins. */
function comparable(result: PromiseSettledResult<unknown>): unknown {
  if (result.status === 'rejected') return result.reason.code;
  return JSON.parse(
    JSON.stringify(result.value, (key, value) => {
      if (['id', 'quotaId', 'subjectId'].includes(key)) return undefined;
      return typeof value === 'bigint' ? String(value) : value;
    }),
  );
}

async function fundsOf(organization: string) {
  const { rows: buckets } = await sql<{ kind: string; available: bigint; held: bigint }>`
    select kind, available, held
    from ledger_buckets
    where organization_id = ${organization}
    order by kind, day
  `.execute(db.database);
  return { buckets, owed: (await readWallet(db.database, organization)).owed };
}

async function countersOf(organization: string) {
  const { rows } = await sql`
    select q.meter_id, c.used, c.reserved
    from metering_counters c
    join entitlements_quotas q on q.id = c.quota_id
    where c.organization_id = ${organization}
    order by q.meter_id
  `.execute(db.database);
  return rows;
}

async function receiptsOf(organizations: readonly string[]): Promise<Map<string, bigint>> {
  const { rows } = await sql<{ request_id: string; amount: bigint }>`
    select request_id, amount
    from metering_usage
    where organization_id = any(${organizations})
    order by request_id
  `.execute(db.database);
  return new Map(rows.map(({ request_id, amount }) => [request_id, amount]));
}
