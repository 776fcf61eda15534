import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Context, inTransaction } from '../../../platform/context.ts';
import { createPlan } from '../../catalog/index.ts';
import {
  findInvoice,
  getInvoice,
  recordManualPayment,
  voidInvoice,
} from '../../invoicing/index.ts';
import { payInvoice } from '../../invoicing/operations/pay-invoice.ts';
import { readBooks } from '../../invoicing/testing/books.ts';
import {
  type Customer,
  openSubscribers,
  requests,
  type Subscribers,
  subscriptionOf,
  usd,
} from '../testing/subscribers.ts';
import { holdSubscription } from './hold-subscription.ts';
import { previewNextInvoice } from './preview-next-invoice.ts';
import { previewNewSubscription } from './preview-subscription.ts';
import { recognizeSubscriptions } from './recognize-subscriptions.ts';
import { renewHeld } from './renew-subscription.ts';
import { runBilling } from './run-billing.ts';

const plans = [
  {
    slug: 'small',
    name: 'Small',
    prices: [usd('month', '10'), usd('year', '100')],
    quotas: [requests(100)],
  },
  { slug: 'large', name: 'Large', prices: [usd('month', '40')], quotas: [requests(1_000)] },
  {
    slug: 'tried',
    name: 'Tried',
    prices: [usd('month', '30')],
    trial_days: 14,
    quotas: [requests(50)],
  },
  { slug: 'free', name: 'Free', prices: [usd('month', '0')], quotas: [requests(5)] },
];

let world: Subscribers;
let context: Context;
let customer: Customer;
let organizationId: string;

beforeAll(async () => {
  world = await openSubscribers(plans);
  context = world.context;
});
beforeEach(nextCustomer);
afterAll(() => world.close());

async function nextCustomer(): Promise<void> {
  customer = await world.newCustomer();
  organizationId = customer.organizationId;
}

const stateOf = (id: string) => subscriptionOf(context, id);

describe('subscribing', () => {
  it('is paid from the wallet, with its plan, in one transaction', async () => {
    await customer.topUp('50');
    const preview = await previewNewSubscription(context, {
      ...{ organizationId, plan: 'small', cycle: 'month' },
    });
    const { subscription, invoice, payment } = await customer.subscribe('small');
    expect(subscription).toMatchObject({
      status: 'active',
      provider: 'wallet',
      actions: ['change', 'cancel', 'pause'],
    });
    expect(payment).toMatchObject({ status: 'succeeded' });
    expect(invoice).toMatchObject({ status: 'paid', total: '10.00' });
    expect(preview).toMatchObject({
      total: '10.00',
      due: '10.00',
      lines: [{ text: invoice?.lines[0]?.text }],
    });
    expect(await customer.limit()).toBe(100n);
    await expect(customer.subscribe('large')).rejects.toMatchObject({ code: 'already_subscribed' });
  });

  it('stores nothing where the wallet is short', async () => {
    await expect(customer.subscribe('small')).rejects.toMatchObject({ code: 'insufficient_funds' });
    await customer.topUp('10');
    expect((await customer.subscribe('small')).subscription.status).toBe('active');
    expect(await customer.invoices()).toHaveLength(1);
  });

  it('waits for its payment; late by three days it is off', async () => {
    const { subscription, invoice } = await customer.subscribe('small', { provider: null });
    expect(subscription.status).toBe('incomplete');
    expect(await customer.limit()).toBeUndefined();
    await world.pass('P2D');
    await recordManualPayment(context, {
      ...{ organizationId, amount: '10.00', currency: 'USD', invoiceId: invoice?.id, note: 'Bank' },
    });
    expect((await stateOf(subscription.id)).state.status).toBe('active');
    expect(await customer.limit()).toBe(100n);

    await nextCustomer();
    const other = await customer.subscribe('small', { provider: null });
    await world.pass('P4D');
    expect((await stateOf(other.subscription.id)).state.status).toBe('expired');
    expect((await customer.invoices())[0]).toMatchObject({ status: 'void' });
  });

  it('costs nothing on a free plan, and one trial is all there is', async () => {
    const free = await customer.subscribe('free');
    expect(free).toMatchObject({ invoice: null, subscription: { status: 'active' } });
    await customer.change(free.subscription.id, { action: 'cancel', when: 'now' });
    const first = await customer.subscribe('tried');
    expect(first.subscription).toMatchObject({ status: 'trialing' });
    await customer.change(first.subscription.id, { action: 'cancel', when: 'now' });
    await customer.topUp('30');
    const second = await customer.subscribe('tried');
    expect(second).toMatchObject({
      subscription: { status: 'active' },
      invoice: { total: '30.00' },
    });
  });

  it.each([
    [{ plan: 'nothing' }, 'plan_unavailable'],
    [{ plan: 'large', cycle: 'year' }, 'rule_violated'],
    [{ plan: 'small', currency: 'EUR' }, 'rule_violated'],
    [{ plan: 'small', coupon: 'NOTHING' }, 'coupon_invalid'],
  ])('refuses %o', async (wanted, code) => {
    await customer.topUp('50');
    await expect(customer.subscribe('small', wanted)).rejects.toMatchObject({ code });
    expect(await customer.invoices()).toEqual([]);
  });
});

describe('renewing', () => {
  it('keeps the 31st, bills each period once whoever runs, and keeps the books', async () => {
    await customer.topUp('500');
    const { subscription } = await customer.subscribe('small');
    world.platform.clocks.set('2026-07-31T09:00:00.000Z');
    await Promise.all([runBilling(context), runBilling(context), runBilling(context)]);
    const billed = await customer.invoices();
    expect(billed.map(({ period }) => period?.from).sort()).toEqual([
      '2026-01-31T08:00:00.000Z',
      '2026-02-28T08:00:00.000Z',
      '2026-03-31T08:00:00.000Z',
      '2026-04-30T08:00:00.000Z',
      '2026-05-31T08:00:00.000Z',
      '2026-06-30T08:00:00.000Z',
      '2026-07-31T08:00:00.000Z',
    ]);
    expect(billed.every(({ status }) => status === 'paid')).toBe(true);
    expect((await stateOf(subscription.id)).state.status).toBe('active');
    await recognizeSubscriptions(context);
    expect(await readBooks(world.db.database, organizationId)).toEqual({
      'clearing:manual USD': '-500.00',
      'deferred USD': '10.00',
      'revenue USD': '60.00',
      'wallet USD': '430.00',
    });
  });

  it('ends a trial with its first paid period', async () => {
    await customer.topUp('100');
    const { subscription } = await customer.subscribe('tried');
    await world.pass('P15D');
    expect((await stateOf(subscription.id)).state).toMatchObject({
      status: 'active',
      period: { from: new Date('2026-02-14T08:00:00.000Z') },
    });
    expect((await customer.invoices()).map(({ total }) => total)).toEqual(['30.00']);
  });
});

describe('dunning', () => {
  const overdue = async () => {
    await customer.topUp('10');
    const { id } = (await customer.subscribe('small')).subscription;
    await world.pass('P28D');
    await world.pass('PT12H');
    return id;
  };

  it('reminds, suspends, ends; a late payment brings all back', async () => {
    const id = await overdue();
    expect((await stateOf(id)).state.status).toBe('past_due');
    await world.pass('P4D');
    expect(await stateOf(id)).toMatchObject({ dunningTaken: 2, isSuspended: false });
    expect(await customer.limit()).toBe(100n);
    await expect(customer.change(id, { plan: 'large' })).rejects.toMatchObject({
      code: 'invalid_state',
    });
    await world.pass('P4D');
    expect(await stateOf(id)).toMatchObject({ dunningTaken: 3, isSuspended: true });
    expect(await customer.limit()).toBeUndefined();
    await world.pass('P8D');
    expect(await stateOf(id)).toMatchObject({ dunningTaken: 4, state: { status: 'expired' } });

    const [owed] = await customer.invoices();
    await customer.topUp('10');
    await payInvoice(context, {
      organizationId,
      invoiceId: owed?.id ?? '',
      provider: 'wallet',
      returnUrl: undefined,
    });
    expect(await stateOf(id)).toMatchObject({
      ...{ dunningTaken: 0, isSuspended: false, overdueSince: null, endedAt: null },
      state: { status: 'active' },
    });
    expect(await customer.limit()).toBe(100n);
  });

  it('stops where the invoice is void', async () => {
    const id = await overdue();
    const [owed] = await customer.invoices();
    await voidInvoice(context, { id: owed?.id ?? '', reason: 'Goodwill' });
    expect((await stateOf(id)).state.status).toBe('active');
  });
});

it('says what the next invoice would be, with what was used by now', async () => {
  await createPlan(context, {
    ...{ slug: 'metered', name: 'Metered', prices: [usd('month', '10')] },
    charges: [{ meter: 'requests', model: 'flat', amount: '3' }],
  });
  await customer.topUp('100');
  const { id } = (await customer.subscribe('metered')).subscription;
  await world.pass('P10D');
  const expected = { total: '13.00', at: '2026-02-28T08:00:00.000Z' };
  const preview = await previewNextInvoice(context, await stateOf(id));
  expect(preview).toMatchObject(expected);
  await world.pass('P19D');
  const [renewed] = await customer.invoices();
  expect(renewed).toMatchObject({
    total: '13.00',
    lines: preview?.lines.map(({ text: { code } }) => ({ text: { code } })),
  });
});

it('goes on wherever it was stopped: a renewal that is committed is collected by the next run', async () => {
  await customer.topUp('100');
  const { id } = (await customer.subscribe('small')).subscription;
  world.platform.clocks.set('2026-02-28T09:00:00.000Z');
  const renew = () =>
    inTransaction(context, async (transaction) => {
      await renewHeld(context, transaction, await holdSubscription(transaction, id));
    });
  await expect(
    inTransaction(context, async (transaction) => {
      await renewHeld(context, transaction, await holdSubscription(transaction, id));
      throw new Error('killed before the commit');
    }),
  ).rejects.toThrow('killed');
  expect(await customer.invoices()).toHaveLength(1);
  await renew();
  const { collectingInvoiceId } = await stateOf(id);
  expect((await findInvoice(world.db.database, collectingInvoiceId ?? ''))?.status).toBe('open');
  await runBilling(context);
  expect(
    await getInvoice(context, { organizationId, id: collectingInvoiceId ?? '' }),
  ).toMatchObject({ status: 'paid' });
  expect(await stateOf(id)).toMatchObject({
    collectingInvoiceId: null,
    state: { status: 'active' },
  });
  expect(await customer.invoices()).toHaveLength(2);
});
