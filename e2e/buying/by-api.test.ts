import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Customer, done, type Json, newCustomer, until } from '../client.ts';
import { type ServerProcess, startServer } from '../server.ts';

let server: ServerProcess;
let customer: Customer;

beforeAll(async () => {
  server = await startServer();
  customer = await newCustomer(server);
});
afterAll(() => server?.dispose());

const payment = (id: string) => done(customer.client.get(`/api/v1/billing/payments/${id}`));
const summary = () => done(customer.client.get('/api/v1/billing/summary'));

async function purchaseStarter(): Promise<Json> {
  const { data } = await done(customer.client.get('/api/v1/packages'));
  const offer = data.find(({ name }: Json) => name === 'Starter');
  return done(
    customer.client.post(`/api/v1/billing/packages/${offer.id}/purchase`, { provider: 'credit' }),
  );
}

/** What a payer's browser does first: it opens the address with GET and is led to the pay page. */
async function openPayPage(next: Json): Promise<string> {
  expect(next.type).toBe('redirect');
  const page = await fetch(next.url);
  expect(page.status).toBe(200);
  expect(page.headers.get('content-type')).toContain('text/html');
  return page.url;
}

/** Then the payer chooses there, and is sent back. */
async function choose(payPage: string, outcome: 'paid' | 'declined'): Promise<void> {
  const body = new URLSearchParams({ outcome });
  const answer = await fetch(payPage, { method: 'POST', body, redirect: 'manual' });
  expect(answer.status).toBe(303);
  expect(answer.headers.get('location')).toMatch(new RegExp(`^${server.url}/checkout/pay_`));
}

describe('buying a package by API alone', () => {
  test('declined at the provider: nothing is active, and it can still be paid there', async () => {
    const purchase = await purchaseStarter();
    expect(purchase.payment).toMatchObject({ status: 'pending', provider: 'credit' });

    const payPage = await openPayPage(purchase.payment.next);
    await choose(payPage, 'declined');
    expect(await payment(purchase.payment.id)).toMatchObject({ status: 'pending' });
    expect((await summary()).daily_usage).toEqual([]);
    expect(
      await done(customer.client.get(`/api/v1/billing/invoices/${purchase.invoice.id}`)),
    ).toMatchObject({ status: 'open' });

    await choose(payPage, 'paid');
    const settled = await until(async () => {
      const now = await payment(purchase.payment.id);
      return now.status !== 'pending' && now;
    });
    expect(settled).toMatchObject({ status: 'succeeded', amount: '9.90', currency: 'USD' });
    // Paid and active are one transaction: whoever sees the one sees the other.
    expect(await summary()).toMatchObject({
      packages: [{ package: { name: 'Starter' }, status: 'active' }],
      daily_usage: [{ allowance: '1.00', used: '0.00', remaining: '1.00' }],
      wallet: { balance: '0.00' },
    });
    expect(
      await done(customer.client.get(`/api/v1/billing/invoices/${purchase.invoice.id}`)),
    ).toMatchObject({ status: 'paid', total: '9.90' });
  });

  test('paid: the package is active with its allowance of today', async () => {
    const purchase = await purchaseStarter();
    await choose(await openPayPage(purchase.payment.next), 'paid');
    await until(async () => (await payment(purchase.payment.id)).status === 'succeeded');
    const daily = await done(customer.client.get('/api/v1/billing/daily-usage'));
    expect(daily.data).toHaveLength(2);
    expect(daily.data[1]).toMatchObject({
      package: { name: 'Starter' },
      allowance: '1.00',
      remaining: '1.00',
      resets_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT00:00:00/),
    });
  });

  test('the wallet pays at once, or says what to do', async () => {
    const { data } = await done(customer.client.get('/api/v1/packages'));
    const refused = await customer.client.post(`/api/v1/billing/packages/${data[0].id}/purchase`, {
      provider: 'wallet',
    });
    expect(refused).toMatchObject({ status: 402, body: { error: { code: 'insufficient_funds' } } });
  });
});
