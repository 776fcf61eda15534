import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Context } from '../../../platform/context.ts';
import { createPlan } from '../../catalog/index.ts';
import { createFeature } from '../../catalog/operations/create-feature.ts';
import { updatePlan } from '../../catalog/operations/create-plan.ts';
import { readPlan } from '../../entitlements/operations/read-plan.ts';
import { recordManualPayment } from '../../invoicing/index.ts';
import { readBooks } from '../../invoicing/testing/books.ts';
import {
  type Customer,
  openSubscribers,
  requests,
  type Subscribers,
  subscriptionOf,
  usd,
} from '../testing/subscribers.ts';
import { movePlan } from './move-plan.ts';
import { previewSubscription } from './preview-subscription.ts';
import { recognizeSubscriptions } from './recognize-subscriptions.ts';
import { setRenewalProvider } from './set-renewal-provider.ts';

const plans = [
  {
    slug: 'small',
    name: 'Small',
    prices: [usd('month', '10'), usd('year', '100')],
    quotas: [requests(100)],
  },
  { slug: 'large', name: 'Large', prices: [usd('month', '40')], quotas: [requests(1_000)] },
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

describe('changing', () => {
  it('up is made and paid now, exactly as previewed; down comes with the next period', async () => {
    await customer.topUp('500');
    const { id } = (await customer.subscribe('small')).subscription;
    await world.pass('P14D');
    const command = { id, organizationId, action: 'change' as const, plan: 'large' };
    const preview = await previewSubscription(context, command);
    const { invoice, subscription } = await customer.change(id, { plan: 'large', only: 'up' });
    const { lines, total, tax, due, currency, subtotal } = preview;
    expect(invoice).toMatchObject({ lines, total, tax, currency, subtotal, status: 'paid' });
    expect([total, due]).toEqual(['15.00', '15.00']);
    expect(subscription).toMatchObject({ plan: { slug: 'large' }, status: 'active' });
    // Half of what the larger plan has more, for half of its time.
    expect(await customer.limit()).toBe(550n);

    const down = await customer.change(id, { plan: 'small', only: 'down' });
    expect(down).toMatchObject({
      invoice: null,
      subscription: { pending: { plan: { slug: 'small' } } },
    });
    await world.pass('P15D');
    expect((await stateOf(id)).state).toMatchObject({
      pending: null,
      terms: { planSlug: 'small' },
    });
    expect(await customer.limit()).toBe(100n);
  });

  it('down now gives back as credit what is unused, and the next invoice uses it', async () => {
    await customer.topUp('500');
    const { id } = (await customer.subscribe('large')).subscription;
    await world.pass('P14D');
    const preview = await previewSubscription(context, {
      ...{ id, organizationId, action: 'change', plan: 'small', when: 'now' },
    });
    expect(preview).toMatchObject({ total: '-15.00', due: '0.00' });
    await customer.change(id, { plan: 'small', when: 'now' });
    expect(await readBooks(world.db.database, organizationId)).toMatchObject({
      'customer_credit USD': '15.00',
    });
    await world.pass('P15D');
    expect((await customer.invoices())[0]).toMatchObject({
      total: '10.00',
      credit_applied: '10.00',
      status: 'paid',
    });
  });

  it('waits for a provider’s money; what is dropped by then becomes credit', async () => {
    await customer.topUp('10');
    const { id } = (await customer.subscribe('small')).subscription;
    await world.pass('P14D');
    const asked = await customer
      .change(id, { plan: 'large', provider: undefined, when: 'now' })
      .catch((error) => error);
    expect(asked).toMatchObject({ code: 'insufficient_funds' });
    await setProviderNull(id);
    const { invoice, subscription } = await customer.change(id, { plan: 'large' });
    expect(subscription.plan.slug).toBe('small');
    expect(invoice).toMatchObject({ status: 'open', total: '15.00' });
    await recordManualPayment(context, {
      ...{ organizationId, amount: '15.00', currency: 'USD', invoiceId: invoice?.id, note: 'Bank' },
    });
    expect((await stateOf(id)).state.terms.planSlug).toBe('large');
    expect(await customer.limit()).toBe(550n);
  });

  const setProviderNull = async (id: string) => {
    await setRenewalProvider(context, { id, organizationId, provider: null });
  };

  it('cancels at the end or now, and can be taken back', async () => {
    await customer.topUp('500');
    const { id } = (await customer.subscribe('small')).subscription;
    await customer.change(id, { action: 'cancel' });
    expect((await stateOf(id)).state.status).toBe('canceled');
    expect(await customer.limit()).toBe(100n);
    await customer.change(id, { action: 'resume' });
    expect((await stateOf(id)).state).toMatchObject({ status: 'active', cancelAt: null });
    await customer.change(id, { action: 'cancel' });
    await world.pass('P29D');
    expect((await stateOf(id)).state.status).toBe('expired');
    expect(await customer.limit()).toBeUndefined();
    expect(await customer.invoices()).toHaveLength(1);
  });

  it('pauses without service, and resumes with a new period where the old one is over', async () => {
    await customer.topUp('500');
    const { id } = (await customer.subscribe('small')).subscription;
    await customer.change(id, { action: 'pause' });
    expect(await customer.limit()).toBeUndefined();
    await world.pass('P40D');
    expect(await customer.invoices()).toHaveLength(1);
    const { invoice } = await customer.change(id, { action: 'resume' });
    expect(invoice).toMatchObject({ total: '10.00', status: 'paid' });
    expect(await customer.limit()).toBe(100n);
  });

  it('moves to a plan’s newer version with the next period, and says so first', async () => {
    const { id: planId } = await createPlan(context, {
      slug: 'moving',
      name: 'Moving',
      prices: [usd('month', '10')],
    });
    await customer.topUp('500');
    const { id } = (await customer.subscribe('moving')).subscription;
    await updatePlan(context, planId, { prices: [usd('month', '12')] });
    const command = { plan: 'moving', fromVersion: undefined, notBefore: undefined };
    const preview = await movePlan(context, { ...command, isPreview: true });
    expect(preview).toMatchObject({
      subscriptions: 1,
      effects: [{ subscription: id, before: '10.00', after: '12.00' }],
    });
    expect((await stateOf(id)).state.pending).toBeNull();
    await movePlan(context, { ...command, isPreview: false });
    await world.pass('P29D');
    expect((await stateOf(id)).state.terms.version).toBe(2);
    expect((await customer.invoices())[0]).toMatchObject({ total: '12.00' });
    expect(await movePlan(context, { ...command, isPreview: false })).toMatchObject({
      subscriptions: 0,
    });
  });
});

it('counts seats by what is bought: more now and prorated, fewer with the next period', async () => {
  await createFeature(context, { key: 'seats', name: 'Seats', kind: 'number' });
  const features = { seats: 1 };
  await createPlan(context, { slug: 'desk', name: 'Desk', prices: [usd('month', '10')], features });
  const seats = async () => (await readPlan(context, organizationId))?.features.seats;
  await customer.topUp('500');
  const { id } = (await customer.subscribe('desk', { quantity: 2 })).subscription;
  expect(await seats()).toBe(2);
  await world.pass('P14D');
  const more = await customer.change(id, { quantity: 5 });
  expect(more.invoice).toMatchObject({ total: '15.00', status: 'paid' });
  expect(await seats()).toBe(5);
  const fewer = await customer.change(id, { quantity: 3 });
  expect(fewer).toMatchObject({ invoice: null, subscription: { pending: { quantity: 3 } } });
  expect(await seats()).toBe(5);
  await world.pass('P15D');
  expect(await seats()).toBe(3);
  expect((await customer.invoices())[0]).toMatchObject({ total: '30.00' });
});

it('shows no end of what is paid once, and gives back as its plan says', async () => {
  const once = (amount: string) => ({ currency: 'USD', interval: 'once' as const, amount });
  await createPlan(context, { slug: 'good', name: 'Good', prices: [once('90')] });
  await createPlan(context, { slug: 'better', name: 'Better', prices: [once('150')] });
  await customer.topUp('500');
  const { subscription, invoice } = await customer.subscribe('good', { cycle: 'once' });
  const { id } = subscription;
  const noPeriod = { period: null, text: { code: 'plan_once', params: { plan: 'Good' } } };
  expect(invoice).toMatchObject({ period: null, lines: [noPeriod] });
  expect(subscription).toMatchObject({ renews_at: null, period: { to: null } });
  const up = await customer.change(id, { plan: 'better', cycle: 'once' });
  expect(up.invoice).toMatchObject({ total: '60.00', lines: [{ period: null }, { period: null }] });
  await expect(customer.change(id, { action: 'cancel', when: 'period_end' })).rejects.toMatchObject(
    {
      code: 'rule_violated',
    },
  );
  const ended = await customer.change(id, { action: 'cancel' });
  expect(ended.subscription).toMatchObject({ status: 'expired', period: { to: null } });
  await world.pass('P1D');
  world.platform.clocks.advance('P1Y');
  await recognizeSubscriptions(context);
  expect(await readBooks(world.db.database, organizationId)).toMatchObject({
    'revenue USD': '150.00',
  });
});
