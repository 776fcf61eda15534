/** A billing run that is stopped leaves the rest to be resumed, and bills everybody once in the end. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  listOperations,
  resumeOperation,
  stopOperation,
  takeUpOperation,
} from '../../jobs/index.ts';
import { lockFunds } from '../../ledger/index.ts';
import { findRun } from '../runs-store.ts';
import { type Customer, openSubscribers, type Subscribers, usd } from '../testing/subscribers.ts';
import { billingRuns, runBilling, startBillingRun } from './run-billing.ts';

let world: Subscribers;
let customers: Customer[];

beforeAll(async () => {
  world = await openSubscribers([{ slug: 'small', name: 'Small', prices: [usd('month', '10')] }]);
  customers = [];
  for (let count = 0; count < 7; count += 1) {
    const customer = await world.newCustomer();
    await customer.topUp('500');
    await customer.subscribe('small');
    customers.push(customer);
  }
  // Whatever is told before a renewal was told.
  world.platform.clocks.set('2026-02-27T12:00:00Z');
  await runBilling(world.context);
  world.platform.clocks.set('2026-02-28T12:00:00Z');
});
afterAll(() => world.close());

const find = async () => {
  const { data } = await listOperations(world.context, { limit: 10 }, [billingRuns]);
  return data.find(({ kind }) => kind === billingRuns.kind);
};
const invoicesOf = () =>
  Promise.all(customers.map(async (customer) => (await customer.invoices()).length));

/** Nothing is paid by the customers until it is let go. */
async function holdBack(held: readonly Customer[]) {
  const taken = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const holding = world.db.database.transaction().execute(async (transaction) => {
    for (const { organizationId } of held) await lockFunds(transaction, organizationId);
    taken.resolve();
    await release.promise;
  });
  await taken.promise;
  return async () => {
    release.resolve();
    await holding;
  };
}

test('stops behind the batches under way, holds billing still, and goes on where it was', async () => {
  // One subscription a batch and two batches at once: the third and fourth wait while it is stopped.
  const letGo = await holdBack(customers.slice(2, 4));
  const running = runBilling(world.context, { batchMax: 1 });
  await expect.poll(async () => (await find())?.done, { timeout: 20_000 }).toBe(2);
  const id = (await find())?.id ?? '';
  await stopOperation(world.context, id);
  await letGo();
  const stopped = await running;
  expect(stopped).toMatchObject({ status: 'stopped', renewed: 4, completed_at: null });
  expect(await invoicesOf()).toEqual([2, 2, 2, 2, 1, 1, 1]);
  expect(await find()).toMatchObject({ id, state: 'stopped', done: 4, total: 7 });

  expect(await runBilling(world.context)).toBeUndefined();
  await expect(startBillingRun(world.context)).rejects.toMatchObject({ code: 'invalid_state' });
  expect(await invoicesOf()).toEqual([2, 2, 2, 2, 1, 1, 1]);

  await resumeOperation(world.context, id, [billingRuns]);
  await takeUpOperation(world.context, id, [billingRuns]);
  expect(await find()).toMatchObject({ id, state: 'done', done: 7, total: 7, runs: 2 });
  expect(await findRun(world.db.database, stopped?.id ?? '')).toMatchObject({
    ...{ status: 'completed', renewed: 7 },
  });
  expect(await invoicesOf()).toEqual([2, 2, 2, 2, 2, 2, 2]);
  expect(await runBilling(world.context)).toBeUndefined();
});
