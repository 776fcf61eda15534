import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createCoupon } from '../../catalog/operations/create-coupon.ts';
import {
  type Customer,
  openSubscribers,
  type Subscribers,
  subscriptionOf,
  usd,
} from '../testing/subscribers.ts';

let world: Subscribers;
let customer: Customer;

beforeAll(async () => {
  world = await openSubscribers([
    { slug: 'small', name: 'Small', prices: [usd('month', '10'), usd('year', '100')] },
    { slug: 'large', name: 'Large', prices: [usd('month', '40')] },
  ]);
  const coupons = [
    { code: 'FIVEOFF', amount: '5.00', currency: 'USD', duration: 'forever' },
    { code: 'ONCE', percent: '50', duration: 'once' },
  ] as const;
  for (const coupon of coupons) await createCoupon(world.context, coupon);
});
beforeEach(async () => {
  customer = await world.newCustomer();
  await customer.topUp('1000');
});
afterAll(() => world.close());

const begin = async (coupon: string) => {
  const { subscription, invoice } = await customer.subscribe('small', { coupon });
  expect(invoice?.total).toBe('5.00');
  return subscription.id;
};

it('takes an amount off a period once, whatever plan it goes up to', async () => {
  const id = await begin('FIVEOFF');
  const { invoice } = await customer.change(id, { plan: 'large' });
  expect(invoice?.total).toBe('30.00');
  await customer.change(id, { plan: 'small', when: 'now' });
  await customer.change(id, { action: 'cancel', when: 'now' });
  expect(await customer.credit()).toBe('35.00');
});

it('takes an amount off a period of another cycle, and not in proportion to its price', async () => {
  const id = await begin('FIVEOFF');
  const { invoice } = await customer.change(id, { cycle: 'year', when: 'now' });
  // A hundred less ten, less five as before: of the month nothing is used up.
  expect(invoice?.total).toBe('90.00');
  await customer.change(id, { cycle: 'month', when: 'now' });
  expect(await customer.credit()).toBe('90.00');
});

it('counts a period that begins after a pause', async () => {
  const id = await begin('ONCE');
  await customer.change(id, { action: 'pause' });
  await world.pass('P30D');
  const { invoice } = await customer.change(id, { action: 'resume' });
  expect(invoice?.total).toBe('10.00');
  expect((await subscriptionOf(world.context, id)).coupon).toBeNull();
});

it('gives back all that was paid, also what another period before has paid', async () => {
  const { subscription } = await customer.subscribe('small', { quantity: 3 });
  const { id } = subscription;
  const { invoice } = await customer.change(id, { cycle: 'year', quantity: 1, when: 'now' });
  expect(invoice?.total).toBe('70.00');
  await customer.change(id, { action: 'cancel', when: 'now' });
  expect(await customer.credit()).toBe('100.00');
});
