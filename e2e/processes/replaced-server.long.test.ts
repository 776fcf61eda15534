/** A server is replaced among others: the short of `upgrade.long.test.ts`, with one version. */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newCustomer, newKey, payIn, signIn, until } from '../client.ts';
import { openBalancer } from '../cluster/balancer.ts';
import { startTraffic, type TrafficOptions } from '../cluster/traffic.ts';
import { query } from '../database.ts';
import { offerModelPerCall } from '../gateway.ts';
import { type ServerProcess, startServer } from '../server.ts';

const model = 'fixed-price';
let first: ServerProcess;
let second: ServerProcess;
let account: Omit<TrafficOptions, 'url'>;

beforeAll(async () => {
  first = await startServer();
  const operator = await signIn(first, first.operator);
  await offerModelPerCall(operator, { model, price: '0.01' });
  const { client, organization } = await newCustomer(first);
  await payIn(operator, organization, '500.00');
  account = { key: await newKey(client), model, operator, organization, topUp: '0.10' };
  second = await startServer({
    environment: {
      ...{ DATABASE_URL: first.databaseUrl, SLUICE_DRAIN_DELAY: '1' },
      // Each reaches its own sandbox under it, and both take the same upstream key.
      SLUICE_PUBLIC_URL: first.url,
    },
    prepare(dataDir) {
      for (const name of ['sandbox', 'secret-key']) {
        cpSync(join(first.dataDir, name), join(dataDir, name), { recursive: true });
      }
    },
  });
});
afterAll(async () => {
  await second?.dispose();
  await first?.dispose();
});

describe('two servers behind a balancer', () => {
  test('one is replaced while both are called: no call fails, and each is billed once', async () => {
    const balancer = await openBalancer([first.port, second.port]);
    const traffic = startTraffic({ ...account, url: balancer.url });
    await traffic.more(100);
    await second.restart();
    await until(async () => balancer.ready().length === 2);
    await traffic.more(100);
    const made = await traffic.stop();
    await balancer.close();

    expect(made.flatMap(({ failure }) => failure ?? [])).toEqual([]);
    const called = made.filter(({ kind }) => kind !== 'top-up').map(({ requestId }) => requestId);
    const billed = await query(
      first,
      'select request_id from metering_usage where organization_id = $1',
      [account.organization],
    );
    expect(billed.map(({ request_id }) => request_id).sort()).toEqual(called.sort());
  });
});
