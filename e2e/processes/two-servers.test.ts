import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type Client,
  type Customer,
  createClient,
  done,
  type Json,
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
  test('case 1: sell exactly what the funds cover, however many ask at once', async () => {
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

  test('an upstream’s key is changed on one while both call, and no call fails; both are one picture', async () => {
    await payIn(operator, customer.organization, '50.00');
    const key = await newKey(customer.client);
    const channel = await channelOf('Sandbox upstream');
    const statuses: number[] = [];
    let isOver = false;
    const caller = async (server: ServerProcess) => {
      while (!isOver) statuses.push((await call(server, { key, model })).status);
    };
    const callers = [first, second, first, second].map(caller);
    for (const turn of [1, 2, 3]) {
      const api_key = `${upstreamKey()}.turn-${turn}`;
      await done(operator.patch(`/api/v1/admin/channels/${channel.id}`, { api_key }));
      await until(async () => (await callsWith(`turn-${turn}`)) >= 10);
    }
    isOver = true;
    await Promise.all(callers);
    expect(new Set(statuses)).toEqual(new Set([200]));
    // Each server tells of its calls every ten seconds.
    const told = async () => (await channelOf('Sandbox upstream')).health.last_60_minutes;
    const served = await callsWith();
    expect(served).toBeGreaterThanOrEqual(statuses.length);
    await until(async () => (await told()).calls === served);
    expect(await told()).toMatchObject({ failed: 0 });
  });
});

async function channelOf(name: string): Promise<Json> {
  const { data } = await done(operator.get('/api/v1/admin/channels'));
  return data.find((channel: Json) => channel.name === name);
}

/** How many calls came, with a key of that label, to the upstream of the server that began last: the channel leads there. */
async function callsWith(label?: string): Promise<number> {
  const filter = label === undefined ? '' : `&key=${label}`;
  const { data } = await done(
    createClient(second).get(`/sandbox/upstream/calls?limit=1000${filter}`),
  );
  return data.length;
}

/** The one that the sandbox takes, from where it keeps it. */
function upstreamKey(): string {
  const file = join(second.dataDir, 'sandbox', 'credentials.json');
  return JSON.parse(readFileSync(file, 'utf8')).upstreamKey;
}
