import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type Client,
  type Customer,
  done,
  newCustomer,
  newKey,
  payIn,
  signIn,
  until,
} from '../client.ts';
import { type Called, call, offerModelPerCall } from '../gateway.ts';
import { runCommand, type ServerProcess, startServer } from '../server.ts';

const model = 'fixed-price';
const secret = { SLUICE_SECRET_KEY: 'one secret for both of the two servers' };
let first: ServerProcess;
let second: ServerProcess;
let operator: Client;
let customer: Customer;

beforeAll(async () => {
  first = await startServer({ environment: secret });
  // Each sandbox has a mailbox, and either server may send a mail: sign up while there is one.
  customer = await newCustomer(first);
  second = await startServer({ environment: { ...secret, DATABASE_URL: first.databaseUrl } });
  operator = await signIn(first, first.operator);
  await offerModelPerCall(operator, { model, price: '0.01' });
});
afterAll(async () => {
  await second?.dispose();
  await first?.dispose();
});

describe('two servers on one database', () => {
  test('sell exactly what the funds cover, however many ask at once', async () => {
    await payIn(operator, customer.organization, '0.50');
    const key = await newKey(customer.client);
    await until(async () => (await call(second, { key, model: 'no-such' })).status === 404);

    const calls = await Promise.all(
      Array.from({ length: 200 }, (_, index) => call(index % 2 ? second : first, { key, model })),
    );

    const count = (status: number) => calls.filter((made) => made.status === status).length;
    expect({ paid: count(200), refused: count(402) }).toEqual({ paid: 50, refused: 150 });
    const refused = calls.find(({ status }) => status === 402) as Called;
    expect(refused.body.error.code).toBe('insufficient_quota');
    expect(await done(customer.client.get('/api/v1/billing/wallet'))).toMatchObject({
      balance: '0.00',
      held: '0.00',
      owed: '0.00',
    });
    const receipts = await done(customer.client.get('/api/v1/billing/usage/events?limit=200'));
    expect(
      receipts.data.map((receipt: { request_id: string }) => receipt.request_id).sort(),
    ).toEqual(
      calls
        .filter(({ status }) => status === 200)
        .map(({ requestId }) => requestId)
        .sort(),
    );
    const { code, output } = await runCommand(['ledger', 'verify', '--json'], second.environment);
    expect(JSON.parse(output)).toMatchObject({ ok: true, problems: [] });
    expect(code).toBe(0);
  });

  test('a key revoked on one is refused by the other at once', async () => {
    await payIn(operator, customer.organization, '1.00');
    const created = await done(customer.client.post('/api/v1/api-keys', { name: 'short-lived' }));
    expect((await call(second, { key: created.key, model })).status).toBe(200);
    await done(customer.client.delete(`/api/v1/api-keys/${created.id}`));
    await until(async () => (await call(second, { key: created.key, model })).status === 401, {
      limitMs: 1000,
      everyMs: 20,
    });
  });
});
