import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createFeature } from '../../catalog/operations/create-feature.ts';
import { createPlan } from '../../catalog/operations/create-plan.ts';
import { readPlan } from '../../entitlements/operations/read-plan.ts';
import {
  type Customer,
  openSubscribers,
  requests,
  type Subscribers,
  subscriptionOf,
  usd,
} from '../testing/subscribers.ts';
import { previewNextInvoice } from './preview-next-invoice.ts';
import { previewSubscription } from './preview-subscription.ts';
import { setRenewalProvider } from './set-renewal-provider.ts';

let world: Subscribers;
let customer: Customer;
let id: string;

beforeAll(async () => {
  world = await openSubscribers([
    ...['small', 'large'].map((slug, index) => ({
      ...{ slug, name: slug, quotas: [requests(100 * (index + 1))] },
      prices: [usd('month', `${10 * (index + 1)}`), usd('year', `${100 * (index + 1)}`)],
    })),
    { slug: 'tried', name: 'Tried', prices: [usd('month', '30')], trial_days: 14 },
  ]);
  const { context } = world;
  await createFeature(context, { key: 'sso', name: 'Single sign-on', kind: 'boolean' });
  await createPlan(context, {
    ...{ slug: 'more', name: 'More requests', addon_of: ['small', 'large', 'tried'] },
    prices: [usd('month', '4'), usd('year', '40')],
    quotas: [requests(50)],
  });
  await createPlan(context, {
    ...{ slug: 'sso', name: 'Single sign-on', addon_of: ['small'], features: { sso: true } },
    prices: [usd('month', '6')],
  });
});
beforeEach(async () => {
  customer = await world.newCustomer();
  await customer.topUp('1000');
  id = (await customer.subscribe('small')).subscription.id;
});
afterAll(() => world.close());

const set = (plan: string, quantity: number) =>
  customer.change(id, { action: 'add_on', plan, quantity });
const sso = async () =>
  (await readPlan(world.context, customer.organizationId))?.features.sso ?? false;
const newest = async () => {
  const [invoice] = await customer.invoices();
  return { total: invoice?.total, lines: invoice?.lines.map(({ text }) => text.params.plan) };
};

describe('an add-on', () => {
  it('is paid for the rest of the period, exactly as previewed, and adds that share of its limit', async () => {
    await world.pass('P14D');
    const { organizationId } = customer;
    const preview = await previewSubscription(world.context, {
      ...{ id, organizationId, action: 'add_on', plan: 'more', quantity: 2 },
    });
    const { invoice, subscription } = await set('more', 2);
    const { total, lines } = preview;
    expect(invoice).toMatchObject({ total, lines, status: 'paid' });
    expect(total).toBe('4.00');
    expect(subscription.add_ons).toMatchObject([{ plan: { slug: 'more' }, quantity: 2 }]);
    // Twice fifty for half of the period.
    expect(await customer.limit()).toBe(150n);
    const three = await set('more', 3);
    expect(three.invoice).toMatchObject({ total: '2.00' });
    expect(await customer.limit()).toBe(175n);
  });

  it('renews with the plan, as many as were asked for', async () => {
    await set('more', 3);
    await set('sso', 1);
    expect(await sso()).toBe(true);
    const fewer = await set('more', 1);
    expect(fewer).toMatchObject({
      invoice: null,
      subscription: { add_ons: [{}, { quantity: 3, next_quantity: 1 }] },
    });
    await set('sso', 0);
    const said = await previewNextInvoice(world.context, await subscriptionOf(world.context, id));
    expect(said?.total).toBe('14.00');
    expect(await sso()).toBe(true);
    await world.pass('P28D');
    expect(await newest()).toEqual({ total: '14.00', lines: ['small', 'More requests'] });
    expect(await customer.limit()).toBe(150n);
    expect(await sso()).toBe(false);
  });

  it('takes back what was to come with the next period', async () => {
    await set('more', 1);
    await set('more', 0);
    const { subscription } = await set('more', 1);
    expect(subscription.add_ons).toMatchObject([{ quantity: 1, next_quantity: null }]);
    await expect(set('more', 1)).rejects.toMatchObject({ code: 'rule_violated' });
  });

  it('ends with the subscription, and what is unused is given back', async () => {
    await set('more', 2);
    await world.pass('P14D');
    await customer.change(id, { action: 'cancel', when: 'now' });
    expect(await customer.credit()).toBe('9.00');
    expect((await subscriptionOf(world.context, id)).addOns).toEqual([]);
  });

  it('begins another cycle with the plan; what is not sold in it is given back', async () => {
    await set('more', 1);
    await set('sso', 1);
    const { invoice, subscription } = await customer.change(id, { cycle: 'year', when: 'now' });
    // A hundred and forty, less ten, four and six.
    expect(invoice?.total).toBe('120.00');
    expect(subscription.add_ons).toMatchObject([{ billing_cycle: 'year', amount: '40.00' }]);
    expect(await sso()).toBe(false);
  });

  it('stays with another plan that it is sold with, and ends with one that it is not', async () => {
    await set('more', 1);
    await set('sso', 1);
    await world.pass('P14D');
    const { invoice } = await customer.change(id, { plan: 'large' });
    // Half of ten more, less half of six.
    expect(invoice?.total).toBe('2.00');
    expect((await subscriptionOf(world.context, id)).addOns).toHaveLength(1);
    expect(await customer.limit()).toBe(200n);
  });

  it('waits for its money where a provider collects it', async () => {
    const { organizationId } = customer;
    await setRenewalProvider(world.context, { id, organizationId, provider: null });
    const { invoice, subscription } = await set('sso', 1);
    expect(subscription.add_ons).toEqual([]);
    expect(await sso()).toBe(false);
    if (!invoice) throw new Error('it costs something');
    await customer.pay(invoice);
    expect(await sso()).toBe(true);
  });

  it('costs nothing in a trial, and is paid for with the first period', async () => {
    const other = await world.newCustomer();
    await other.topUp('100');
    const tried = (await other.subscribe('tried')).subscription;
    const { invoice } = await other.change(tried.id, {
      action: 'add_on',
      plan: 'more',
      quantity: 1,
    });
    expect(invoice).toBeNull();
    await world.pass('P15D');
    expect((await other.invoices())[0]).toMatchObject({ total: '34.00' });
  });

  it('comes back with a subscription that is taken up after a pause', async () => {
    await set('more', 1);
    await customer.change(id, { action: 'pause' });
    expect(await customer.limit()).toBeUndefined();
    await world.pass('P30D');
    const { invoice } = await customer.change(id, { action: 'resume' });
    expect(invoice?.total).toBe('14.00');
    expect(await customer.limit()).toBe(150n);
  });

  it('is no plan of its own, and only sold with its plans', async () => {
    const other = await world.newCustomer();
    await other.topUp('100');
    await expect(other.subscribe('more')).rejects.toMatchObject({ code: 'plan_unavailable' });
    await expect(customer.change(id, { plan: 'more' })).rejects.toMatchObject({
      code: 'plan_unavailable',
    });
    await expect(set('large', 1)).rejects.toMatchObject({ code: 'plan_unavailable' });
    await customer.change(id, { plan: 'large' });
    await expect(set('sso', 1)).rejects.toMatchObject({ code: 'rule_violated' });
  });
});
