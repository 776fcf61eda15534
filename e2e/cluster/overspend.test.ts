/**
 * Zero overspend, as a customer would check it: calls through nginx to three servers, far more than every limit
 * allows, and one of the servers killed among them.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Client, done, newCustomer, payIn, signIn } from '../client.ts';
import { query } from '../database.ts';
import { type Called, call, offerModelPerCall } from '../gateway.ts';
import { runCommand, type ServerProcess } from '../server.ts';
import { type Cluster, startCluster } from './cluster.ts';

const model = 'fixed-price';
const slowly = '[[sandbox: slow=1s, tokens=20]] Take your time.';
const callsEach = 500;

interface Limited {
  what: string;
  client: Client;
  organization: string;
  key: string;
  /** Calls that it pays for, to the unit. */
  limit: number;
}

let cluster: Cluster;
let operator: Client;
let limited: Limited[];

beforeAll(async () => {
  cluster = await startCluster();
  const [first] = cluster.servers as [ServerProcess];
  operator = await signIn(first, first.operator);
  await offerModelPerCall(operator, { model, price: '0.01' });
  limited = [];
  for (const make of [byAllowance, bySpendCap, byQuota, byWallet]) limited.push(await make(first));
}, 120_000);
afterAll(() => cluster?.dispose());

async function newBuyer(server: ServerProcess, name: string, funds: string) {
  const { client, organization } = await newCustomer(server, name, cluster.servers);
  await payIn(operator, organization, funds);
  return { client, organization };
}

const newKey = async (client: Client, limits: object = {}): Promise<string> =>
  (await done(client.post('/api/v1/api-keys', { name: 'program', ...limits }))).key;

/** The wallet pays for the package and is empty then. */
async function byAllowance(server: ServerProcess): Promise<Limited> {
  const buyer = await newBuyer(server, 'allowance', '5.00');
  const bought = await done(
    operator.post('/api/v1/admin/packages', {
      ...{ name: 'Tight', price: '5.00', currency: 'USD', duration_days: 30, daily_limit: '1.00' },
    }),
  );
  await done(
    buyer.client.post(`/api/v1/billing/packages/${bought.id}/purchase`, { provider: 'wallet' }),
  );
  return { what: 'an allowance', ...buyer, key: await newKey(buyer.client), limit: 100 };
}

async function bySpendCap(server: ServerProcess): Promise<Limited> {
  const buyer = await newBuyer(server, 'cap', '100.00');
  const key = await newKey(buyer.client, { spend_caps: { day: '0.50' } });
  return { what: 'a spend cap', ...buyer, key, limit: 50 };
}

async function byQuota(server: ServerProcess): Promise<Limited> {
  const buyer = await newBuyer(server, 'quota', '100.00');
  await done(
    operator.put(`/api/v1/admin/organizations/${buyer.organization}/quotas/overrides`, {
      ...{ meter: 'requests', window: 'day', limit: '70', hard: true },
    }),
  );
  return { what: 'a quota', ...buyer, key: await newKey(buyer.client), limit: 70 };
}

async function byWallet(server: ServerProcess): Promise<Limited> {
  const buyer = await newBuyer(server, 'wallet', '0.90');
  return { what: 'a wallet', ...buyer, key: await newKey(buyer.client), limit: 90 };
}

async function receiptIds({ client }: Limited): Promise<string[]> {
  const { data } = await done(client.get('/api/v1/billing/usage/events?limit=200'));
  return data.map((receipt: { request_id: string }) => receipt.request_id);
}

const totals = async ({ client }: Limited) => {
  const { data } = await done(client.get('/api/v1/billing/usage?interval=hour'));
  return data.reduce((sum: number, point: { calls: number }) => sum + point.calls, 0);
};

/** How many of ten calls to each server are let through. */
async function servedAtOnce(key: string): Promise<number> {
  const calls = cluster.servers.flatMap((server) =>
    Array.from({ length: 10 }, () => call(server, { key, model, prompt: slowly })),
  );
  return (await Promise.all(calls)).filter(({ status }) => status === 200).length;
}

describe('slots of concurrent calls', () => {
  test('are shared by the servers to the unit', async () => {
    const [first] = cluster.servers as [ServerProcess];
    const { client } = await newBuyer(first, 'slots', '10.00');
    const key = await newKey(client, { rate_limits: { concurrency: 10 } });
    const calls = await Promise.all(
      Array.from({ length: 60 }, () => call(cluster, { key, model, prompt: slowly })),
    );
    const count = (status: number) => calls.filter((one) => one.status === status).length;
    expect({ served: count(200), refused: count(429) }).toEqual({ served: 10, refused: 50 });
    expect((await call(cluster, { key, model })).status).toBe(200);
  });

  test('follow a changed limit on every server', async () => {
    const [first] = cluster.servers as [ServerProcess];
    const { client } = await newBuyer(first, 'changed', '10.00');
    const made = await done(
      client.post('/api/v1/api-keys', { name: 'program', rate_limits: { concurrency: 1 } }),
    );
    expect(await servedAtOnce(made.key)).toBe(1);
    for (const concurrency of [12, 3]) {
      const change = { rate_limits: { concurrency } };
      await done(client.patch(`/api/v1/api-keys/${made.id}`, change));
      // The others are told of it, which takes a moment.
      await expect.poll(() => servedAtOnce(made.key), { timeout: 15_000 }).toBe(concurrency);
    }
  });

  test('are shared out while Redis is gone, and shared again when it is back', async () => {
    const [first] = cluster.servers as [ServerProcess];
    const { client } = await newBuyer(first, 'without', '10.00');
    const key = await newKey(client, { rate_limits: { concurrency: 9 } });
    const allSay = async (line: string) => {
      const told = await Promise.all(
        cluster.servers.map(async ({ url }) => (await fetch(`${url}/metrics`)).text()),
      );
      return told.every((text) => text.includes(`\n${line}\n`));
    };
    expect(await allSay('sluice_redis_up 1')).toBe(true);
    await expect.poll(() => allSay('sluice_rate_processes 3'), { timeout: 15_000 }).toBe(true);

    await cluster.redis.stop();
    await expect.poll(() => allSay('sluice_redis_up 0')).toBe(true);
    for (const { url } of cluster.servers) {
      expect((await fetch(`${url}/health/ready`)).status).toBe(200);
    }
    expect(await servedAtOnce(key)).toBe(9);

    await cluster.redis.start();
    await expect.poll(() => allSay('sluice_redis_up 1'), { timeout: 15_000 }).toBe(true);
    const calls = Array.from({ length: 30 }, () => call(first, { key, model, prompt: slowly }));
    const served = (await Promise.all(calls)).filter(({ status }) => status === 200);
    expect(served.length).toBe(9);
  });
});

describe('three servers, 2,000 calls in flight, one server killed', () => {
  let made: Map<Limited, Called[]>;

  test('case 2: no limit lets one call too many through', async () => {
    let answered = 0;
    let killing: Promise<void> | undefined;
    const all = limited.map(async (one): Promise<[Limited, Called[]]> => {
      const calls = Array.from({ length: callsEach }, async () => {
        const answer = await call(cluster, { key: one.key, model, prompt: slowly });
        answered += 1;
        // Most are refused at once: those that were let through are under way then.
        if (answered === callsEach) killing = cluster.servers[1]?.kill9();
        return answer;
      });
      return [one, await Promise.all(calls)];
    });
    made = new Map(await Promise.all(all));
    await killing;
    // It was killed among calls: some never heard the end of their answer.
    const broken = [...made.values()].flat().filter(({ body }) => body === undefined);
    expect(broken.length).toBeGreaterThan(0);

    for (const one of limited) {
      const complete = (made.get(one) ?? []).filter(
        ({ status, body }) => status === 200 && body !== undefined,
      );
      expect([one.what, complete.length <= one.limit]).toEqual([one.what, true]);
      const receipts = new Set(await receiptIds(one));
      expect(receipts.size).toBeLessThanOrEqual(one.limit);
      // Whoever was answered in full has a receipt.
      expect(complete.filter(({ requestId }) => !receipts.has(requestId))).toEqual([]);
    }
  });

  test('case 13: what the killed server had held returns, and is used up to the last call', async () => {
    await query(
      { databaseUrl: cluster.databaseUrl },
      'update access_holds set expires_at = authorized_at',
      [],
    );
    await done(operator.post('/api/v1/admin/sandbox/clock', { advance: 'PT1S' }));
    for (const one of limited) {
      for (let tries = 0; tries <= one.limit; tries += 1) {
        const { status } = await call(cluster, { key: one.key, model });
        if (status !== 200) break;
      }
      expect([one.what, (await receiptIds(one)).length]).toEqual([one.what, one.limit]);
      expect([one.what, await totals(one)]).toEqual([one.what, one.limit]);
      expect((await call(cluster, { key: one.key, model })).status).toBeGreaterThanOrEqual(402);
    }
    const holds = await query(
      { databaseUrl: cluster.databaseUrl },
      'select count(*)::int as open from access_holds',
      [],
    );
    expect(holds).toEqual([{ open: 0 }]);
  });

  test('the books agree: transfers, holds, counters and rollups', async () => {
    const [first] = cluster.servers as [ServerProcess];
    const { code, output } = await runCommand(['ledger', 'verify', '--json'], first.environment);
    expect(JSON.parse(output)).toMatchObject({ ok: true, problems: [] });
    expect(code).toBe(0);
  });
});
