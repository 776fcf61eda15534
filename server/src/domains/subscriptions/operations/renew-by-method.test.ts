import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../../../../sandbox/src/sandbox.ts';
import { changeBillingDetails } from '../../invoicing/operations/billing-details.ts';
import { pollAttempts } from '../../payments/operations/poll-attempts.ts';
import { searchPayments } from '../../payments/operations/read-payments.ts';
import { removeMethod } from '../../payments/operations/remove-method.ts';
import { type CardTill, openCardTill } from '../../payments/testing/card-till.ts';
import {
  type Customer,
  openSubscribers,
  requests,
  type Subscribers,
  subscriptionOf,
  usd,
} from '../testing/subscribers.ts';
import { setRenewalProvider } from './set-renewal-provider.ts';

const pro = {
  ...{ name: 'Pro', slug: 'pro' },
  prices: [usd('month', '30.00')],
  quotas: [requests(100)],
};

describe('renewals by a stored method', () => {
  let sandbox: Sandbox;
  let subscribers: Subscribers;
  let till: CardTill;
  let customer: Customer;
  let methodId: string;
  beforeAll(async () => {
    sandbox = await startSandbox({ port: 0, smtpPort: 0, notifyRetryMs: 60_000 });
    subscribers = await openSubscribers([pro]);
    till = await openCardTill(subscribers.context, sandbox);
  });
  beforeEach(async () => {
    await till.steer(undefined, { notify: 'none' });
    customer = await subscribers.newCustomer();
    const { organizationId } = customer;
    const invoiceEmail = `${organizationId}@example.test`;
    await changeBillingDetails(subscribers.context, organizationId, { invoiceEmail });
    methodId = (await till.storeCard(subscribers.context, organizationId)).id;
  });
  afterAll(async () => {
    await subscribers.close();
    await sandbox.close();
  });

  const payments = async () => {
    const page = { organization: customer.organizationId, limit: 50 };
    return (await searchPayments(subscribers.context, page)).data;
  };
  const subscribe = () => customer.subscribe('pro', { provider: null, methodId });

  it('pays the first period and each one after it', async () => {
    const { subscription, payment } = await subscribe();
    expect(payment).toMatchObject({ status: 'succeeded', payment_method: methodId });
    expect(subscription).toMatchObject({ status: 'active', payment_method_id: methodId });
    await subscribers.pass('P2M');
    expect(await customer.invoices()).toMatchObject([
      { status: 'paid' },
      { status: 'paid' },
      { status: 'paid' },
    ]);
    expect((await payments()).map(({ status }) => status)).toEqual(
      Array.from({ length: 3 }, () => 'succeeded'),
    );
    expect((await payments()).every(({ provider }) => provider === 'stripe')).toBe(true);
  });

  it('leaves a declined first payment to the customer, who is on the page', async () => {
    await till.steer(undefined, { charge: 'decline:insufficient_funds', notify: 'none' });
    const { subscription, payment, invoice } = await subscribe();
    expect(payment).toMatchObject({ status: 'failed', decline_code: 'insufficient_funds' });
    expect(subscription.status).toBe('incomplete');
    await customer.pay({ id: invoice?.id ?? '', due: invoice?.due ?? '' });
    expect((await subscriptionOf(subscribers.context, subscription.id)).state.status).toBe(
      'active',
    );
  });

  it('charges again at the steps of dunning, and gives back what they took', async () => {
    const { subscription } = await subscribe();
    await till.steer(undefined, { charge: 'decline:insufficient_funds', notify: 'none' });
    await subscribers.pass('P1M2D');
    const { id } = subscription;
    expect((await subscriptionOf(subscribers.context, id)).state.status).toBe('past_due');
    const declined = (await payments()).filter(({ status }) => status === 'failed');
    expect(declined.length).toBeGreaterThanOrEqual(2);
    expect(declined.every((one) => one.decline_code === 'insufficient_funds')).toBe(true);
    await till.steer(undefined, { notify: 'none' });
    await subscribers.pass('P10D');
    expect((await subscriptionOf(subscribers.context, id)).state.status).toBe('active');
    expect(await customer.limit()).toBe(100n);
    const numbers = (await payments()).map(({ number }) => number);
    expect(new Set(numbers).size).toBe(numbers.length);
  });

  it('waits for a debit that is under way, and renews all the same', async () => {
    const { subscription } = await subscribe();
    await till.steer(undefined, { charge: 'processing', notify: 'none' });
    await subscribers.pass('P1M1D');
    const [renewal] = await payments();
    expect(renewal).toMatchObject({ status: 'pending', processing: true });
    await till.steer(renewal?.number, { outcome: 'paid' });
    subscribers.platform.clocks.advance('PT2H');
    await pollAttempts(subscribers.context);
    expect((await payments())[0]).toMatchObject({ status: 'succeeded' });
    const { state } = await subscriptionOf(subscribers.context, subscription.id);
    expect(state.status).toBe('active');
  });

  it('is agreed on, changed and ended; nobody else’s method is taken', async () => {
    const { subscription } = await customer.subscribe('pro', { provider: null });
    const { organizationId } = customer;
    const set = (provider: 'wallet' | null, id?: string) =>
      setRenewalProvider(subscribers.context, {
        ...{ id: subscription.id, organizationId, provider, methodId: id },
      });
    expect(await set(null, methodId)).toMatchObject({ provider: null, methodId });
    expect(await set('wallet')).toMatchObject({ provider: 'wallet', methodId: null });
    const other = await subscribers.newCustomer();
    const theirs = await till.storeCard(subscribers.context, other.organizationId);
    await expect(set(null, theirs.id)).rejects.toMatchObject({ code: 'not_found' });
    await expect(
      customer.subscribe('pro', { provider: null, methodId: theirs.id }),
    ).rejects.toMatchObject({ code: 'not_found' });
  });

  it('goes on by mail where the method is removed', async () => {
    const { subscription } = await subscribe();
    const { organizationId } = customer;
    await removeMethod(subscribers.context, { organizationId, id: methodId });
    await subscribers.pass('P1M');
    const [renewal] = await customer.invoices();
    expect(renewal).toMatchObject({ status: 'open' });
    await customer.pay({ id: renewal?.id ?? '', due: renewal?.due ?? '' });
    expect((await subscriptionOf(subscribers.context, subscription.id)).state.status).toBe(
      'active',
    );
  });

  it('begins with the method that the first payment kept', async () => {
    const { subscription, payment } = await customer.subscribe('pro', {
      ...{ provider: 'stripe', means: 'card', savesMethod: true },
    });
    const [attempt] = await payments();
    await till.steer(attempt?.number, { outcome: 'paid' });
    expect(payment?.next.type).toBe('redirect');
    subscribers.platform.clocks.advance('PT2M');
    await pollAttempts(subscribers.context);
    const kept = await subscriptionOf(subscribers.context, subscription.id);
    expect(kept.state.status).toBe('active');
    expect(kept.methodId).toMatch(/^pm_/);
    expect(kept.methodId).not.toBe(methodId);
    await subscribers.pass('P1M');
    expect((await payments())[0]).toMatchObject({
      ...{ status: 'succeeded', payment_method: kept.methodId },
    });
  });
});
