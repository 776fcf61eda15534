import * as fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { storedFunction } from '../../../platform/database/stored-functions.ts';
import { Refusal } from '../../../platform/errors.ts';
import { type Access, createAccess } from '../../access/index.ts';
import {
  type AccessFixture,
  createAccessFixture,
  settleOf,
} from '../../access/testkit/access-fixture.ts';
import { listOpenQuotas } from '../../metering/index.ts';
import {
  type Customer,
  openSubscribers,
  type Subscribers,
  subscriptionOf,
  usd,
} from '../testing/subscribers.ts';
import { runBilling } from './run-billing.ts';

const seed = 20_261_121;

let world: Subscribers;
let access: Access;
let fixture: AccessFixture;

/**
 * Of every plan a request costs a dollar at least, so that what was used has a price that nobody may get below. A year is
 * shared by time, and February is its shortest month.
 */
const perMonth = (limit: number) => [
  usd('month', `${limit}`),
  usd('year', `${Math.ceil((limit * 366) / 28)}`),
];
const quota = (window: 'day' | 'month', limit: number) => ({
  ...{ meter: 'requests', anchor: 'subscription' as const },
  ...{ window, limit: String(limit) },
});

beforeAll(async () => {
  const monthly = (limit: number) => ({
    ...{ prices: perMonth(limit), quotas: [quota('month', limit)] },
    refund: 'unused' as const,
  });
  world = await openSubscribers([
    { slug: 'few', name: 'Few', ...monthly(6) },
    { slug: 'many', name: 'Many', ...monthly(24) },
    { slug: 'by-days', name: 'By days', proration: 'day', ...monthly(18) },
    { slug: 'whole', name: 'Whole', proration: 'none', ...monthly(12) },
    // A month has up to 31 days.
    ...[1, 2].map((limit) => ({
      ...{ slug: `daily-${limit}`, name: 'Daily', prices: perMonth(31 * limit) },
      quotas: [quota('day', limit)],
    })),
  ]);
  access = createAccess(world.platform, { url: world.db.url });
  fixture = await createAccessFixture(world.platform);
});
afterAll(async () => {
  await access.close();
  await world.close();
});

const plan = fc.constantFrom('few', 'many', 'by-days', 'whole', 'daily-1', 'daily-2');
const cycle = fc.constantFrom('month', 'year');
const ask = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      ...{ action: fc.constant('change' as const), plan, cycle },
      ...{ when: fc.constant('now' as const) },
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      action: fc.constant('cancel' as const),
      when: fc.constantFrom('now' as const, 'period_end' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ action: fc.constant('pause' as const) }) },
  { weight: 2, arbitrary: fc.record({ action: fc.constant('resume' as const) }) },
);
/** Minutes, days, or just before and after a window ends. */
const afterMinutes = fc.oneof(
  fc.integer({ min: 0, max: 90 }),
  fc.integer({ min: 0, max: 20_000 }),
  fc.constantFrom(1_439, 1_441, 40_319, 40_321, 44_639, 44_641),
);
const step = fc.record({ afterMinutes, usesAll: fc.boolean(), ask });

describe('any sequence of subscribing, going up and down, pausing and ending', () => {
  it('lets nobody use what is not paid for, however it is gone about', async () => {
    const lives = fc.asyncProperty(
      ...([plan, cycle, fc.array(step, { minLength: 3, maxLength: 10 })] as const),
      async (first, firstCycle, steps) => {
        const customer = await world.newCustomer();
        await customer.topUp('100000');
        const begin = async () =>
          (await customer.subscribe(first, { cycle: firstCycle })).subscription.id;
        let id = await begin();
        for (const { afterMinutes: minutes, usesAll, ask: asked } of steps) {
          const { clocks } = world.platform;
          clocks.set(new Date(+clocks.business() + minutes * 60_000));
          await runBilling(world.context);
          if (usesAll) await useAll(customer);
          const { status } = (await subscriptionOf(world.context, id)).state;
          if (status === 'expired') id = await begin();
          else await refusable(() => customer.change(id, asked));
          if (usesAll) await useAll(customer);
          await expectPaid(customer);
        }
        await refusable(() => customer.change(id, { action: 'cancel', when: 'now' }));
        await expectPaid(customer);
      },
    );
    await fc.assert(lives, { numRuns: 14, seed });
  }, 60_000);
});

it('gives no month’s quota for going up for an hour of a year, nor a day’s', async () => {
  for (const [low, high, cycle, before] of [
    ['few', 'many', 'year', 40_260],
    ['daily-1', 'daily-2', 'month', 1_380],
  ] as const) {
    const customer = await world.newCustomer();
    await customer.topUp('1000');
    const { clocks } = world.platform;
    const start = +clocks.business();
    const { id } = (await customer.subscribe(low, { cycle })).subscription;
    await useAll(customer);
    clocks.set(new Date(start + before * 60_000));
    await customer.change(id, { plan: high });
    expect(await useAll(customer)).toBe(0n);
    // The window that begins is had in full, and was paid for in full.
    clocks.advance('PT1H');
    expect(await useAll(customer)).toBe(BigInt(high === 'many' ? 24 : 2));
    await customer.change(id, { plan: low, when: 'now' });
    expect(await useAll(customer)).toBe(0n);
    await expectPaid(customer);
  }
});

async function refusable(work: () => Promise<unknown>): Promise<void> {
  await work().catch((error) => {
    if (!(error instanceof Refusal)) throw error;
  });
}

/** Whatever a quota leaves. */
async function useAll({ organizationId }: Customer): Promise<bigint> {
  const at = world.platform.clocks.business();
  await sql`
    select ${storedFunction('entitlements_refresh_quotas')}(array_agg(id), ${at})
    from entitlements_quotas
    where organization_id = ${organizationId}
    having count(*) > 0
  `.execute(world.db.database);
  const quotas = await listOpenQuotas(world.db.database, {
    ...{ organizationId, view: { all: true } as const, at, limit: 10 },
  });
  const left = quotas.map(({ limit_amount: limit, used }) => (limit ?? 0n) - used);
  if (left.length === 0) return 0n;
  const most = left.reduce((least, one) => (one < least ? one : least));
  for (let call = 0n; call < most; call += 1n) {
    await access.settle(settleOf(fixture.call(organizationId, 0n), 0n));
  }
  return most > 0n ? most : 0n;
}

/** A dollar for each request, but for a cent by which each invoice and credit note may be rounded. */
async function expectPaid({ organizationId }: Customer): Promise<void> {
  const { rows } = await sql<{ paid: bigint; credited: bigint; documents: bigint; used: bigint }>`
    select
      (select coalesce(sum(total_minor), 0)::bigint from invoicing_invoices
        where organization_id = ${organizationId} and kind = 'subscription' and status = 'paid') paid,
      (select coalesce(sum(total_minor), 0)::bigint from invoicing_credit_notes
        where organization_id = ${organizationId}) credited,
      (select count(*) from invoicing_invoices where organization_id = ${organizationId})
        + (select count(*) from invoicing_credit_notes where organization_id = ${organizationId}) documents,
      (select count(*) from metering_usage where organization_id = ${organizationId}) used
  `.execute(world.db.database);
  const [row] = rows;
  if (!row) throw new Error('a row of sums');
  const { paid, credited, documents, used } = row;
  expect(paid - credited + documents).toBeGreaterThanOrEqual(used * 100n);
}
