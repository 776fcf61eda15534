/**
 * An upgrade without downtime: three servers behind a balancer, calls, streams and top-ups all the time, while the tables
 * are migrated, one server after the other becomes the next version, one goes back, and comes again. No call fails, and
 * each is billed once.
 *
 * From an older clone to this one, where it is named: SLUICE_UPGRADE_FROM=/path/to/it npm run test:long
 */
import { chmodSync, cpSync, mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../server/src/platform/database/embedded.ts';
import { removePlace } from '../../server/src/platform/database/embedded-place.ts';
import { type Client, done, newCustomer, newKey, payIn, signIn, until } from '../client.ts';
import { type Balancer, openBalancer } from '../cluster/balancer.ts';
import { makeNextVersion } from '../cluster/next-version.ts';
import { type Made, startTraffic, type Traffic } from '../cluster/traffic.ts';
import { query } from '../database.ts';
import { offerModelPerCall } from '../gateway.ts';
import { freePort, runCommand, type ServerProcess, startServer } from '../server.ts';

const root = new URL('../../', import.meta.url).pathname;
const model = 'fixed-price';
const priceNanos = 10_000_000n;
const begun = '10000.00';
const topUp = '0.07';
const serverCount = 3;
/** What has to be answered by each picture of the cluster before the next step. */
const callsEach = 300;

const older = process.env.SLUICE_UPGRADE_FROM;
const next = older === undefined ? makeNextVersion() : undefined;
const before = older ?? root;
const after = next?.folder ?? root;

let folder: string;
let postgres: EmbeddedPostgres;
let servers: ServerProcess[];
let balancer: Balancer;
let operator: Client;
let customer: { client: Client; organization: string };
let traffic: Traffic;

beforeAll(async () => {
  folder = mkdtempSync(join(realpathSync(tmpdir()), 'sluice-upgrade-'));
  // Open to passage, so that PostgreSQL's own user reaches its part of it.
  chmodSync(folder, 0o711);
  postgres = await startEmbeddedPostgres({ dataDir: folder, settings: { max_connections: '200' } });
  servers = await startServers();
  balancer = await openBalancer(servers.map(({ port }) => port));
  const [first] = servers as [ServerProcess];
  operator = await signIn(balancer, first.operator);
  await offerModelPerCall(operator, { model, price: '0.01' });
  customer = await newCustomer(first, 'ann', servers);
  await payIn(operator, customer.organization, begun);
  const key = await newKey(customer.client);
  const { organization } = customer;
  traffic = startTraffic({ url: balancer.url, key, model, operator, organization, topUp });
}, 180_000);
afterAll(async () => {
  await traffic?.stop();
  await balancer?.close();
  for (const server of servers ?? []) await server.dispose();
  await postgres?.stop();
  removePlace(folder);
  next?.remove();
});

/** The first makes the tables and the sign-ins, then the others start side by side. */
async function startServers(): Promise<ServerProcess[]> {
  const url = `http://127.0.0.1:${await freePort()}`;
  const environment = {
    ...{ SLUICE_PUBLIC_URL: url, DATABASE_URL: postgres.url, SLUICE_DRAIN_DELAY: '1' },
    SLUICE_SECRET_KEY: 'one secret for all the servers of a cluster',
  };
  const start = (prepare: (dataDir: string) => void) =>
    startServer({ environment, prepare, version: before });
  const first = await start(() => undefined);
  // One upstream key for all sandboxes: the channel that calls go through has but one.
  const others = Array.from({ length: serverCount - 1 }, () =>
    start((dataDir) => {
      cpSync(join(first.dataDir, 'sandbox'), join(dataDir, 'sandbox'), { recursive: true });
    }),
  );
  return [first, ...(await Promise.all(others))];
}

async function replace(server: ServerProcess, version: string): Promise<void> {
  await server.restart(version);
  await until(async () => balancer.ready().length === serverCount, { limitMs: 60_000 });
}

/** Each once, however many failed like it. */
function failures(made: readonly Made[]): string[] {
  const words = made.flatMap(({ kind, failure }) =>
    failure === undefined ? [] : [`${kind}: ${failure}`],
  );
  return [...new Set(words)];
}

async function expectTraffic(): Promise<void> {
  // The second count begins after the first has ended, so all of it met what is there now.
  const made = [...(await traffic.more(callsEach)), ...(await traffic.more(callsEach))];
  expect(failures(made)).toEqual([]);
  expect(new Set(made.map(({ kind }) => kind))).toEqual(new Set(['call', 'stream', 'top-up']));
}

/** Whether the servers say that they may be given traffic. */
function readiness(): Promise<number[]> {
  return Promise.all(servers.map(async ({ url }) => (await fetch(`${url}/health/ready`)).status));
}

describe('an upgrade under traffic', () => {
  test('begins with all servers of the version before', expectTraffic);

  test('brings the tables up to date while only the version before serves, which stays ready', async () => {
    const [first] = servers as [ServerProcess];
    const { code, output } = await runCommand(['migrate'], first.environment, after);
    expect([code, output]).toEqual([0, expect.stringMatching(/Applied \d+ migrations/)]);
    expect(await readiness()).toEqual([200, 200, 200]);
    await expectTraffic();
  });

  test('replaces one server after the other', async () => {
    for (const server of servers) {
      await replace(server, after);
      await expectTraffic();
    }
    expect(await readiness()).toEqual([200, 200, 200]);
  });

  test('goes back with one server, whose version serves what the next one has made of the tables', async () => {
    const [, second] = servers as [ServerProcess, ServerProcess];
    await replace(second, before);
    expect(await readiness()).toEqual([200, 200, 200]);
    await expectTraffic();
    await replace(second, after);
    await expectTraffic();
  });

  test('leaves every call answered and billed once, every top-up entered once, and books that agree', async () => {
    const made = await traffic.stop();
    expect(failures(made)).toEqual([]);
    const requestIds = made
      .filter(({ kind }) => kind !== 'top-up')
      .map(({ requestId }) => requestId);
    const billed = await billedCalls();
    expect(billed.map(({ id }) => id).sort()).toEqual([...requestIds].sort());
    expect(new Set(billed.map(({ amount, outcome }) => `${amount} ${outcome}`))).toEqual(
      new Set([`${priceNanos} completed`]),
    );
    const topUps = made.filter(({ kind }) => kind === 'top-up').length;
    const cents = 1_000_000n + BigInt(topUps) * 7n - BigInt(requestIds.length);
    expect(await done(customer.client.get('/api/v1/billing/wallet'))).toMatchObject({
      balance: `${cents / 100n}.${String(cents % 100n).padStart(2, '0')}`,
      held: '0.00',
      owed: '0.00',
    });
    await expectCleanBooks();
    console.log(`${requestIds.length} calls and streams and ${topUps} top-ups, none failed.`);
  });

  test.skipIf(next === undefined)(
    'had both versions bill by stored functions of their own',
    async () => {
      const rows = await query(
        { databaseUrl: postgres.url },
        'select written_by, count(*)::int as calls from metering_usage group by written_by',
      );
      const calls = new Map(rows.map((row) => [row.written_by, row.calls]));
      expect([...calls.keys()].sort()).toEqual([next?.mark, null]);
      expect(Math.min(...(calls.values() as Iterable<number>))).toBeGreaterThan(callsEach);
    },
  );
});

async function billedCalls(): Promise<{ id: string; amount: string; outcome: string }[]> {
  const rows = await query(
    { databaseUrl: postgres.url },
    `select request_id as id, amount::text, outcome
     from metering_usage
     where organization_id = $1`,
    [customer.organization],
  );
  return rows as { id: string; amount: string; outcome: string }[];
}

async function expectCleanBooks(): Promise<void> {
  const [first] = servers as [ServerProcess];
  for (const books of ['ledger', 'audit']) {
    const { code, output } = await runCommand(
      [books, 'verify', '--json'],
      first.environment,
      after,
    );
    expect(JSON.parse(output)).toMatchObject({ ok: true, problems: [] });
    expect(code).toBe(0);
  }
}
