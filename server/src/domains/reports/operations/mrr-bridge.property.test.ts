/** Whatever customers do, the MRR's bridge adds up, and ends at what their subscriptions are worth. */
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Refusal } from '../../../platform/errors.ts';
import { formatNanos, parseNanos } from '../../../platform/money.ts';
import { monthlyWorth } from '../../subscriptions/core/monthly-worth.ts';
import { findLiveSubscription } from '../../subscriptions/index.ts';
import { findUnprovenMrr } from '../../subscriptions/mrr-store.ts';
import {
  type Customer,
  openSubscribers,
  type Subscribers,
  usd,
} from '../../subscriptions/testing/subscribers.ts';
import { readChurnReport } from './read-churn-report.ts';
import { readMrrReport } from './read-mrr-report.ts';

const seed = 20_261_122;
const runs = 4;
const customersMax = 3;

let world: Subscribers;
beforeAll(async () => {
  world = await openSubscribers([
    { slug: 'low', name: 'Low', prices: [usd('month', '10'), usd('year', '99')] },
    { slug: 'high', name: 'High', prices: [usd('month', '33.33')] },
    { slug: 'tried', name: 'Tried', prices: [usd('month', '15')], trial_days: 5 },
  ]);
});
afterAll(() => world.close());

const plans = ['low', 'high', 'tried'] as const;
const happening = fc.record({
  who: fc.nat(customersMax - 1),
  what: fc.constantFrom('subscribe', 'change', 'cancel', 'cancel_at_end', 'pause', 'resume'),
  plan: fc.constantFrom(...plans),
  cycle: fc.constantFrom('month', 'year'),
  quantity: fc.integer({ min: 1, max: 3 }),
  isRich: fc.boolean(),
  days: fc.integer({ min: 0, max: 25 }),
});
type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;

async function happen(customer: Customer, one: Happening): Promise<void> {
  const { plan, quantity } = one;
  const cycle = plan === 'low' ? one.cycle : 'month';
  if (one.isRich) await customer.topUp('500');
  const live = await findLiveSubscription(world.db.database, customer.organizationId);
  if (one.what === 'subscribe' || !live) {
    await customer.subscribe(plan, { cycle, quantity });
    return;
  }
  const { id } = live;
  if (one.what === 'change') await customer.change(id, { plan, cycle, quantity, when: 'now' });
  else if (one.what === 'cancel') await customer.change(id, { action: 'cancel', when: 'now' });
  else if (one.what === 'cancel_at_end') {
    await customer.change(id, { action: 'cancel', when: 'period_end' });
  } else await customer.change(id, { action: one.what });
}

/** What is not allowed in that state, or not paid for, changes nothing. */
async function tryIt(customer: Customer, one: Happening): Promise<boolean> {
  try {
    await happen(customer, one);
    return true;
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}

async function worthOf(customers: readonly Customer[]): Promise<bigint> {
  const worth = await Promise.all(
    customers.map(async ({ organizationId }) => {
      const live = await findLiveSubscription(world.db.database, organizationId);
      return live ? monthlyWorth(live) : 0n;
    }),
  );
  return worth.reduce((sum, minor) => sum + minor, 0n);
}

describe('the MRR', () => {
  it(`adds up month by month over random histories (seed ${seed})`, async () => {
    const all: Customer[] = [];
    let done = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(happening, { minLength: 4, maxLength: 8 }), async (history) => {
        const customers: Customer[] = [];
        for (let count = 0; count < customersMax; count += 1) {
          customers.push(await world.newCustomer());
        }
        all.push(...customers);
        for (const one of history) {
          const customer = customers[one.who];
          if (customer && (await tryIt(customer, one))) done += 1;
          if (one.days > 0) await world.pass(`P${one.days}D`);
        }
        await prove(await worthOf(all));
      }),
      { seed, numRuns: runs, endOnFailure: true },
    );
    // A history in which nothing was allowed proves nothing.
    expect(done).toBeGreaterThan(runs * 2);
  }, 60_000);
});

async function prove(worth: bigint): Promise<void> {
  expect(await findUnprovenMrr(world.db.database)).toEqual([]);
  world.platform.clocks.set('2026-12-31T00:00:00Z');
  const query = { from: '2026-01', to: '2026-12', format: 'json' } as const;
  const report = await readMrrReport(world.context, query);
  const [inDollars] = report.currencies;
  const points = inDollars?.points ?? [];
  let before = { end: '0.00', customers: { end: 0 } };
  for (const point of points) {
    const moved = [point.new, point.expansion, point.contraction, point.churn, point.reactivation];
    const end = moved.reduce((sum, amount) => sum + parseNanos(amount), parseNanos(point.start));
    expect(point.start).toBe(before.end);
    expect(point.end).toBe(formatNanos(end));
    const { start, new: come, churned, reactivated } = point.customers;
    expect(start).toBe(before.customers.end);
    expect(point.customers.end).toBe(start + come + reactivated - churned);
    before = point;
  }
  expect(before.end).toBe(formatNanos(worth * 10_000_000n));
  await proveCohorts(before);
}

/** All cohorts together are all customers. */
async function proveCohorts(last: { end: string; customers: { end: number } }): Promise<void> {
  const query = { from: '2026-01', to: '2026-12', format: 'json' } as const;
  const { currencies } = await readChurnReport(world.context, query);
  const ends = (currencies[0]?.cohorts ?? []).map(({ months }) => months.at(-1));
  const sum = ends.reduce((so, end) => so + parseNanos(end?.mrr ?? '0'), 0n);
  expect(formatNanos(sum)).toBe(last.end);
  expect(ends.reduce((so, end) => so + (end?.customers ?? 0), 0)).toBe(last.customers.end);
}
