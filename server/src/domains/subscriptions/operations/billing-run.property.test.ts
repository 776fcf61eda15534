import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCoupon } from '../../catalog/operations/create-coupon.ts';
import { readBooks } from '../../invoicing/testing/books.ts';
import {
  type Customer,
  openSubscribers,
  requests,
  type Subscribers,
  subscriptionOf,
  usd,
} from '../testing/subscribers.ts';
import { runBilling } from './run-billing.ts';

const seed = 20_261_121;

let world: Subscribers;

beforeAll(async () => {
  world = await openSubscribers([
    { slug: 'small', name: 'Small', prices: [usd('month', '10')], quotas: [requests(100)] },
    {
      ...{ slug: 'metered', name: 'Metered', prices: [usd('month', '7')] },
      charges: [{ meter: 'requests', model: 'flat', amount: '3' }],
    },
  ]);
  await createCoupon(world.context, {
    code: 'THRICE',
    percent: '10',
    duration: 'repeating',
    periods: 3,
  });
});
afterAll(() => world.close());

interface Subscribed {
  customer: Customer;
  id: string;
}

/** One that pays from its wallet, one that cannot, one on another plan, one that ends, and one whose coupon does. */
async function subscribeAll(): Promise<Subscribed[]> {
  const kinds = [
    { plan: 'small', money: '500' },
    { plan: 'small', money: '10' },
    { plan: 'metered', money: '500' },
    { plan: 'small', money: '500', isCanceled: true },
    { plan: 'small', money: '500', coupon: 'THRICE' },
  ];
  const subscribed: Subscribed[] = [];
  for (const { plan, money, isCanceled, coupon } of kinds) {
    const customer = await world.newCustomer();
    await customer.topUp(money);
    const { subscription } = await customer.subscribe(plan, { coupon });
    if (isCanceled) await customer.change(subscription.id, { action: 'cancel' });
    subscribed.push({ customer, id: subscription.id });
  }
  return subscribed;
}

/** All that a run makes of them, without ids. */
async function outcomeOf(subscribed: readonly Subscribed[]): Promise<unknown[]> {
  return Promise.all(
    subscribed.map(async ({ customer, id }) => {
      const { state, coupon, collectingInvoiceId } = await subscriptionOf(world.context, id);
      const invoices = await customer.invoices();
      return {
        status: state.status,
        period: state.period,
        invoicesLeft: coupon?.invoicesLeft,
        collectingInvoiceId,
        invoices: invoices.map(({ period, total, due, status }) => ({
          period,
          total,
          due,
          status,
        })),
        books: await readBooks(world.db.database, customer.organizationId),
      };
    }),
  );
}

/** Six weeks later: each has at least one period to bill, and the one that ends is over. */
const late = '2026-03-14T09:00:00.000Z';

describe('a billing run', () => {
  it('that is killed anywhere and run again bills as one that is not', async () => {
    const expected = await billedBy(() => runBilling(world.context));
    let cutShort = 0;
    const killed = fc.asyncProperty(fc.integer({ min: 1, max: 180 }), async (diesAtQuery) => {
      const outcome = await billedBy(async () => {
        const dying = world.otherProcess({ diesAtQuery });
        await runBilling(dying.context).catch(() => undefined);
        await dying.close().catch(() => undefined);
        const rest = await runBilling(world.context);
        if (rest) cutShort += 1;
      });
      expect(outcome).toEqual(expected);
    });
    await fc.assert(killed, { numRuns: 10, seed });
    expect(cutShort).toBeGreaterThan(1);
  }, 60_000);

  it('in two processes at once bills as one, also where one of them dies', async () => {
    const expected = await billedBy(() => runBilling(world.context));
    const both = fc.asyncProperty(fc.integer({ min: 1, max: 400 }), async (diesAtQuery) => {
      const outcome = await billedBy(async () => {
        const other = world.otherProcess({ diesAtQuery });
        await Promise.allSettled([runBilling(world.context), runBilling(other.context)]);
        await other.close().catch(() => undefined);
        await runBilling(world.context);
      });
      expect(outcome).toEqual(expected);
    });
    await fc.assert(both, { numRuns: 2, seed });
  }, 60_000);
});

async function billedBy(bill: () => Promise<unknown>): Promise<unknown[]> {
  const subscribed = await subscribeAll();
  world.platform.clocks.set(late);
  await bill();
  return outcomeOf(subscribed);
}
