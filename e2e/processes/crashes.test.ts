import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
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
import { query } from '../database.ts';
import { beginStream, type Called, call, offerModelPerCall } from '../gateway.ts';
import { runCommand, type ServerProcess, startServer } from '../server.ts';

const model = 'fixed-price';
const slowly = '[[sandbox: tokens=40, chunk_delay=50ms]] Take your time.';
let server: ServerProcess;
let operator: Client;
let customer: Customer;
let key: string;

beforeAll(async () => {
  server = await startServer({ isFirstStart: true });
  operator = await signIn(server, server.operator);
  customer = await newCustomer(server);
  await payIn(operator, customer.organization, '100.00');
  key = await newKey(customer.client);
  await offerModelPerCall(operator, { model, price: '0.01' });
});
afterAll(() => server?.dispose());
beforeEach(async () => {
  if (!server.isRunning()) await server.restart();
});

const wallet = () => done(customer.client.get('/api/v1/billing/wallet'));
const receiptOf = (requestId: string) =>
  customer.client.get(`/api/v1/billing/usage/events/${requestId}`);

async function expectCleanBooks(): Promise<void> {
  for (const books of ['ledger', 'audit']) {
    const { code, output } = await runCommand([books, 'verify', '--json'], server.environment);
    expect(JSON.parse(output)).toMatchObject({ ok: true, problems: [] });
    expect(code).toBe(0);
  }
}

describe('SIGTERM during a stream', () => {
  test('the stream is finished and paid for, then the process ends well', async () => {
    const stream = await beginStream(server, { key, model, prompt: slowly });
    const ended = server.stop();
    const [text, { code, output }] = await Promise.all([stream.rest(), ended]);
    expect(text.trimEnd()).toMatch(/data: \[DONE\]$/);
    expect(output).toContain('Sluice has stopped.');
    expect(code).toBe(0);
    expect(server.postgresPid()).toBeUndefined();

    await server.restart();
    expect(await done(receiptOf(stream.requestId))).toMatchObject({
      outcome: 'completed',
      amount: '0.01',
    });
  });
});

describe('kill -9 of the server', () => {
  test('leaves a hold that returns when it has expired', async () => {
    const before = await wallet();
    const stream = await beginStream(server, { key, model, prompt: slowly });
    stream.rest().catch(() => undefined);
    await until(async () => (await wallet()).held === '0.01');
    await server.kill9();
    const postgres = server.postgresPid();
    expect(postgres).toBeDefined();

    await server.restart();
    expect(server.postgresPid()).not.toBe(postgres);
    expect(await wallet()).toMatchObject({ balance: before.balance, held: '0.01' });
    // Expiry is by wall time, which no test can move; the sandbox's clock wakes the sweep.
    await query(
      server,
      'update access_holds set expires_at = authorized_at where request_id = $1',
      [stream.requestId],
    );
    await done(operator.post('/api/v1/admin/sandbox/clock', { advance: 'PT1S' }));
    expect(await wallet()).toEqual(before);
    expect((await receiptOf(stream.requestId)).status).toBe(404);
    await expectCleanBooks();
  });

  test('under load, every complete answer has its receipt', async () => {
    const load = startLoad();
    await until(async () => load.answered() >= 100);
    await server.kill9();
    const calls = await load.stop();
    await server.restart();
    await expectReceipts(calls);
  });
});

describe('kill -9 of the database under load', () => {
  test('the server recovers by itself, and every complete answer has its receipt', async () => {
    const { pid } = server;
    const postgres = server.postgresPid() as number;
    const load = startLoad();
    await until(async () => load.answered() >= 100);
    process.kill(postgres, 'SIGKILL');
    const answeredThen = load.answered();
    // Calls go on being answered in full after the crash.
    await until(async () => load.answered() >= answeredThen + 200, { limitMs: 60_000 });
    const calls = await load.stop();

    expect(server.pid).toBe(pid);
    expect(server.postgresPid()).not.toBe(postgres);
    expect((await fetch(`${server.url}/health/ready`)).status).toBe(200);
    await expectReceipts(calls);
  });
});

/** Sixteen callers, each with one call after the other. */
function startLoad() {
  const calls: Called[] = [];
  let isStopped = false;
  const callers = Array.from({ length: 16 }, async () => {
    while (!isStopped) {
      const made = await call(server, { key, model });
      calls.push(made);
      if (made.status !== 200) await new Promise((resolve) => setTimeout(resolve, 50));
    }
  });
  const isComplete = ({ status, body }: Called) => status === 200 && body !== undefined;
  return {
    answered: () => calls.filter(isComplete).length,
    async stop(): Promise<Called[]> {
      isStopped = true;
      await Promise.all(callers);
      return calls.filter(isComplete);
    },
  };
}

async function expectReceipts(calls: readonly Called[]): Promise<void> {
  const rows = await query(
    server,
    'select request_id from metering_usage where organization_id = $1',
    [customer.organization],
  );
  const receipts = new Set(rows.map(({ request_id }) => request_id));
  expect(calls.filter(({ requestId }) => !receipts.has(requestId))).toEqual([]);
  await expectCleanBooks();
  // What was cut off may still be held until it expires; nothing is below zero.
  const { balance, held, owed } = await wallet();
  expect([Number(balance) >= 0, Number(held) >= 0, owed]).toEqual([true, true, '0.00']);
}
