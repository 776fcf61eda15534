import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findOrganization } from '../../identity/index.ts';
import { voidInvoice, writeOffInvoice } from '../../invoicing/index.ts';
import { changeBillingDetails } from '../../invoicing/operations/billing-details.ts';
import { readBooks } from '../../invoicing/testing/books.ts';
import { changeSettings } from '../../settings/index.ts';
import {
  type Customer,
  openSubscribers,
  requests,
  type Subscribers,
  subscriptionOf,
  usd,
} from '../testing/subscribers.ts';
import { inspectSubscription, searchSubscriptions } from './read-subscriptions.ts';
import { recognizeSubscriptions } from './recognize-subscriptions.ts';

let world: Subscribers;
let customer: Customer;
let id: string;

beforeAll(async () => {
  world = await openSubscribers([
    { slug: 'small', name: 'Small', prices: [usd('month', '10')], quotas: [requests(100)] },
  ]);
});
afterAll(() => world.close());

/** A customer whose second month is not paid, half a day after its invoice fell overdue. */
beforeEach(async () => {
  customer = await world.newCustomer();
  await customer.topUp('10');
  id = (await customer.subscribe('small')).subscription.id;
  await world.pass('P28DT12H');
  expect((await state()).state.status).toBe('past_due');
});

const state = () => subscriptionOf(world.context, id);
const organizationStatus = async () =>
  (await findOrganization(world.db.database, customer.organizationId))?.status;
const owed = async () => {
  const found = (await customer.invoices()).find(({ status }) => status === 'open');
  if (!found) throw new Error('something is owed');
  return found;
};

describe('a late payment', () => {
  it.each([
    ['after a reminder', 'P2D', { dunningTaken: 1, isSuspended: false }, 100n, 'active'],
    ['after the suspension', 'P8D', { dunningTaken: 3, isSuspended: true }, undefined, 'past_due'],
    ['after the end', 'P15D', { dunningTaken: 4, isSuspended: true }, undefined, 'past_due'],
  ])('brings all back %s', async (_when, passed, taken, limit, keys) => {
    await world.pass(passed);
    expect(await state()).toMatchObject(taken);
    expect(await customer.limit()).toBe(limit);
    expect(await organizationStatus()).toBe(keys);

    await customer.pay(await owed());
    expect(await state()).toMatchObject({
      ...{ dunningTaken: 0, isSuspended: false, overdueSince: null, endedAt: null },
      state: { status: 'active' },
    });
    expect(await customer.limit()).toBe(100n);
    expect(await organizationStatus()).toBe('active');
  });

  it('brings nothing back once what it pays for is over; keys are admitted again', async () => {
    await world.pass('P40D');
    expect((await state()).state.status).toBe('expired');
    await customer.pay(await owed());
    expect(await state()).toMatchObject({ overdueSince: null, state: { status: 'expired' } });
    expect(await customer.limit()).toBeUndefined();
    expect(await organizationStatus()).toBe('active');
  });

  it('leaves the next subscription alone', async () => {
    await world.pass('P15D');
    await customer.topUp('10');
    const next = await customer.subscribe('small');
    await customer.pay(await owed());
    expect((await state()).state.status).toBe('expired');
    expect((await subscriptionOf(world.context, next.subscription.id)).state.status).toBe('active');
  });

  it.each(['now', 'period_end'] as const)(
    'does not undo what the customer has ended %s',
    async (when) => {
      await customer.change(id, { action: 'cancel', when });
      const { status } = (await state()).state;
      expect(status).toBe(when === 'now' ? 'expired' : 'canceled');
      await expect(customer.change(id, { action: 'resume' })).rejects.toMatchObject({
        code: 'invalid_state',
      });
      const open = (await customer.invoices()).find((invoice) => invoice.status === 'open');
      if (open) await customer.pay(open);
      expect(await state()).toMatchObject({ state: { status } });
      await world.pass('P31D');
      expect((await state()).state.status).toBe('expired');
      expect(await customer.limit()).toBeUndefined();
    },
  );

  it('keeps a cancellation that dunning was faster than', async () => {
    await customer.change(id, { action: 'cancel' });
    await world.pass('P15D');
    expect(await state()).toMatchObject({ isSuspended: true, state: { status: 'expired' } });
    await customer.pay(await owed());
    expect((await state()).state.status).toBe('canceled');
    expect(await customer.limit()).toBe(100n);
    await world.pass('P16D');
    expect((await state()).state.status).toBe('expired');
  });
});

it('is over with the first step at which the wallet covers what is owed', async () => {
  await customer.topUp('10');
  expect(await state()).toMatchObject({ state: { status: 'past_due' } });
  await world.pass('P1D');
  expect(await state()).toMatchObject({ dunningTaken: 0, state: { status: 'active' } });
  expect((await customer.invoices()).map(({ status }) => status)).toEqual(['paid', 'paid']);
});

it('goes on where what is owed was canceled before it fell overdue', async () => {
  const other = await world.newCustomer();
  await changeBillingDetails(world.context, other.organizationId, { paymentTermsDays: 5 });
  await other.topUp('10');
  const begun = await other.subscribe('small');
  await world.pass('P29D');
  await other.change(begun.subscription.id, { action: 'cancel' });
  await world.pass('P13D');
  expect(await subscriptionOf(world.context, begun.subscription.id)).toMatchObject({
    ...{ dunningTaken: 3, isSuspended: true },
    state: { status: 'canceled' },
  });
  expect(await other.limit()).toBeUndefined();
});

it('stops where the invoice is void', async () => {
  await world.pass('P8D');
  await voidInvoice(world.context, { id: (await owed()).id, reason: 'Goodwill' });
  expect(await state()).toMatchObject({ isSuspended: false, state: { status: 'active' } });
  expect(await customer.limit()).toBe(100n);
});

it('earns what was written off as ever, and not again when it is paid after all', async () => {
  const { id: invoiceId, due } = await owed();
  await writeOffInvoice(world.context, { id: invoiceId, reason: 'Insolvent' });
  await world.pass('P31D');
  await recognizeSubscriptions(world.context);
  expect(await readBooks(world.db.database, customer.organizationId)).toMatchObject({
    'revenue USD': '20.00',
    'write_off USD': '-10.00',
  });
  await customer.pay({ id: invoiceId, due });
  await recognizeSubscriptions(world.context);
  const books = await readBooks(world.db.database, customer.organizationId);
  expect(books).toMatchObject({ 'revenue USD': '20.00' });
  expect(books['write_off USD'] ?? '0.00').toBe('0.00');
});

it('is told to operators step by step', async () => {
  await world.pass('P2D');
  const { dunning } = await inspectSubscription(world.context, id);
  expect(dunning?.steps.map(({ action, taken }) => [action, taken])).toEqual([
    ['remind', true],
    ['remind', false],
    ['suspend', false],
    ['cancel', false],
  ]);
  expect(dunning).toMatchObject({ suspended: false });
  const { data } = await searchSubscriptions(world.context, {
    ...{ organizationId: customer.organizationId, status: 'past_due', limit: 10 },
  });
  expect(data).toMatchObject([{ id, dunning }]);
  await customer.pay(await owed());
  expect(await inspectSubscription(world.context, id)).toMatchObject({ dunning: null });
});

describe('other steps, set while something is overdue', () => {
  const usual = [
    { after_days: 1, action: 'remind' as const },
    { after_days: 3, action: 'remind' as const },
    { after_days: 7, action: 'suspend' as const },
    { after_days: 14, action: 'cancel' as const },
  ];
  const set = (steps: typeof usual | { after_days: number; action: 'suspend' | 'cancel' }[]) =>
    changeSettings(world.context, { dunning_steps: steps });
  afterEach(() => set(usual));

  it('are followed from the next run on, also where they come sooner', async () => {
    await world.pass('P4D');
    expect(await state()).toMatchObject({ dunningTaken: 2, isSuspended: false });
    await set([
      { after_days: 2, action: 'suspend' },
      { after_days: 5, action: 'cancel' },
    ]);
    await world.pass('PT6H');
    expect(await state()).toMatchObject({ dunningTaken: 1, isSuspended: true });
    await world.pass('P2D');
    expect((await state()).state.status).toBe('expired');
  });

  it('may be none at all: a run finds nothing to do, and ends', async () => {
    await world.pass('P4D');
    await set([]);
    await world.pass('P7D');
    expect(await state()).toMatchObject({ dunningTaken: 0, isSuspended: false });
  });
});
