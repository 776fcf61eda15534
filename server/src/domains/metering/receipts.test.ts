import type { FastifyInstance } from 'fastify';
import { sql } from 'kysely';
import type { Logger } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createHttpApp } from '../../platform/http/app.ts';
import type { Caller } from '../../platform/http/caller.ts';
import { createRoutes } from '../../platform/http/routes.ts';
import { userCaller } from '../../platform/testkit/callers.ts';
import { fakeClocks } from '../../platform/testkit/clock.ts';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { type TestPlatform, testPlatform } from '../../platform/testkit/platform.ts';
import { createAccess } from '../access/index.ts';
import {
  type AccessFixture,
  createAccessFixture,
  settleOf,
} from '../access/testkit/access-fixture.ts';
import { createMeterBook } from '../catalog/index.ts';
import { createTermsBook, registerEntitlements } from '../entitlements/index.ts';
import { registerLedger } from '../ledger/index.ts';
import { registerMetering } from './index.ts';

let db: TestDatabase;
let platform: TestPlatform;
let fixture: AccessFixture;
let app: FastifyInstance;
let organizationId: string;
let caller: Caller;
const requestIds: string[] = [];

beforeAll(async () => {
  db = await createTestDatabase();
  // 23:50 in Shanghai, so that the calls fall on two of its days and on one of UTC's.
  platform = testPlatform(db, { clocks: fakeClocks('2026-03-04T15:50:00Z') });
  fixture = await createAccessFixture(platform);
  const { config, clocks, log } = platform;
  app = await createHttpApp({ config, clocks, log: log as Logger });
  const routes = createRoutes(app, { platform, authenticate: async () => caller });
  registerMetering(routes, await createMeterBook(platform));
  registerLedger(routes);
  registerEntitlements(routes, createTermsBook(platform));
  organizationId = await fixture.organization(2_000_000_000n);
  await sql`
    insert into identity_organizations (id, name, status, time_zone, created_at)
    values (${organizationId}, 'Shanghai Tea', 'active', 'Asia/Shanghai', ${clocks.business()})
  `.execute(db.database);
  await sql`
    update ledger_organizations
    set time_zone = 'Asia/Shanghai'
    where organization_id = ${organizationId}
  `.execute(db.database);
  await sql`
    insert into catalog_model_prices
      (id, model, currency, prices, tiers, effective_from, source, created_at)
    values ('mpr_fixture', 'gpt-4o-mini', 'USD', '{"input": "150000000", "output": "600000000"}', '[]',
      '2026-01-01T00:00:00Z', 'operator', '2026-01-01T00:00:00Z')
  `.execute(db.database);
  caller = userCaller({ organizationId });
  await makeCalls();
});

afterAll(async () => {
  await app.close();
  await db.close();
});

/** Three calls, ten minutes apart; the allowance pays for the first and a part of the second. */
async function makeCalls(): Promise<void> {
  const access = createAccess(platform, { url: db.url });
  await fixture.buyPackage(organizationId, 1_500_000n, { timeZone: 'Asia/Shanghai' });
  for (const cost of [1_000_000n, 1_000_001n, 3_000_000n]) {
    const call = fixture.call(organizationId, 5_000_000n);
    await access.authorize(call);
    await access.settle(settleOf(call, cost));
    requestIds.push(call.requestId);
    platform.clocks.advance('PT6M');
  }
  await access.close();
}

async function get(url: string, expected = 200) {
  const answer = await app.inject({ method: 'GET', url });
  expect(answer.statusCode, answer.body).toBe(expected);
  return answer.json();
}

describe('receipts', () => {
  test('say what was used, at which price, and what paid to the nano', async () => {
    const receipt = await get(`/api/v1/billing/usage/events/${requestIds[1]}`);
    expect(receipt).toMatchObject({
      request_id: requestIds[1],
      model: 'gpt-4o-mini',
      usage: { input_tokens: 12, output_tokens: 34, estimated: false },
      prices: { input: '0.15', output: '0.60' },
      formula: '(12 input × 0.15 + 34 output × 0.60) ÷ 1,000,000 = 0.0000222 USD',
      amount: '0.001000001',
      paid_by: [
        { kind: 'allowance', amount: '0.0005' },
        { kind: 'wallet', amount: '0.000500001' },
      ],
      shortfall: '0.00',
      late: false,
      outcome: 'completed',
    });
  });

  test('are listed newest first, page by page', async () => {
    const first = await get('/api/v1/billing/usage/events?limit=2');
    expect(first.data.map((item: { request_id: string }) => item.request_id)).toEqual(
      requestIds.slice(1).reverse(),
    );
    const second = await get(`/api/v1/billing/usage/events?limit=2&cursor=${first.next_cursor}`);
    expect(second.data).toHaveLength(1);
    expect(second.next_cursor).toBeNull();
    const none = await get('/api/v1/billing/usage/events?model=other');
    expect(none.data).toEqual([]);
  });

  test('of another organization are not there', async () => {
    caller = userCaller({ organizationId: 'org_other' });
    await get(`/api/v1/billing/usage/events/${requestIds[0]}`, 404);
    expect((await get('/api/v1/billing/usage/events')).data).toEqual([]);
    await get('/api/v1/admin/calls', 403);
    caller = userCaller({ organizationId: 'org_other', platformRole: 'operator' });
    const all = await get(`/api/v1/admin/calls?organization=${organizationId}`);
    expect(all.data[0]).toMatchObject({ organization: organizationId, channel: 'chn_fixture' });
    await get(`/api/v1/admin/calls/${requestIds[0]}`);
    caller = userCaller({ organizationId });
  });
});

describe('usage', () => {
  test('is summed by day of the organization’s zone', async () => {
    const { data } = await get('/api/v1/billing/usage?interval=day&group_by=model');
    expect(data).toMatchObject([
      { from: '2026-03-03T16:00:00.000Z', to: '2026-03-04T16:00:00.000Z', calls: 2 },
      {
        from: '2026-03-04T16:00:00.000Z',
        calls: 1,
        amount: '0.003',
        group: { model: 'gpt-4o-mini' },
      },
    ]);
  });

  test('is refused for a period that ends before it begins', async () => {
    const url = '/api/v1/billing/usage?from=2026-03-05T00:00:00Z&to=2026-03-04T00:00:00Z';
    expect((await get(url, 422)).error).toMatchObject({ code: 'rule_violated', param: 'from' });
  });
});

describe('funds', () => {
  test('are shown as they stand: today’s allowance, the wallet and its lines', async () => {
    const { data } = await get('/api/v1/billing/daily-usage');
    expect(data).toMatchObject([
      { date: '2026-03-05', allowance: '0.0015', used: '0.0015', remaining: '0.00' },
    ]);
    expect(await get('/api/v1/billing/wallet')).toMatchObject({
      balance: '1.997999999',
      held: '0.00',
      owed: '0.00',
      currency: 'USD',
    });
    const lines = await get('/api/v1/billing/wallet/transactions');
    expect(lines.data).toMatchObject([
      { kind: 'usage', amount: '-0.0015', reference: requestIds[2] },
      { kind: 'usage', amount: '-0.000500001', reference: requestIds[1] },
      { kind: 'top_up', amount: '2.00' },
    ]);
  });
});
