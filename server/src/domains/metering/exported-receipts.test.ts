import type { FastifyInstance } from 'fastify';
import { sql } from 'kysely';
import type { Logger } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createHttpApp } from '../../platform/http/app.ts';
import type { Caller } from '../../platform/http/caller.ts';
import { createRoutes } from '../../platform/http/routes.ts';
import { parseNanos } from '../../platform/money.ts';
import { userCaller } from '../../platform/testkit/callers.ts';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { type TestPlatform, testPlatform } from '../../platform/testkit/platform.ts';
import { type Access, createAccess } from '../access/index.ts';
import {
  type AccessFixture,
  createAccessFixture,
  settleOf,
} from '../access/testkit/access-fixture.ts';
import { createMeterBook } from '../catalog/index.ts';
import { type CallDetails, chargeFor, registerMetering, verifyReceipts } from './index.ts';
import { listReceiptPage } from './operations/read-receipts.ts';

type Settle = ReturnType<typeof settleOf>;

const price = {
  currency: 'USD',
  prices: { input: parseNanos('0.15'), output: parseNanos('0.60'), search: parseNanos('0.01') },
  tiers: [],
};
let db: TestDatabase;
let platform: TestPlatform;
let fixture: AccessFixture;
let access: Access;
let app: FastifyInstance;
let organizationId: string;
let caller: Caller;
/** A plain call; one that was left, and multiplied; one that searched; in this order. */
let ids: string[];

beforeAll(async () => {
  db = await createTestDatabase();
  platform = testPlatform(db);
  fixture = await createAccessFixture(platform);
  access = createAccess(platform, { url: db.url });
  const { config, clocks, log } = platform;
  app = await createHttpApp({ config, clocks, log: log as Logger });
  const routes = createRoutes(app, { platform, authenticate: async () => caller });
  registerMetering(routes, await createMeterBook(platform));
  organizationId = await fixture.organization(5_000_000_000n);
  await sql`
    insert into catalog_model_prices
      (id, model, currency, prices, tiers, effective_from, source, created_at)
    values ('mpr_fixture', 'gpt-4o-mini', 'USD',
      '{"input": "150000000", "output": "600000000", "search": "10000000"}', '[]',
      '2026-01-01T00:00:00Z', 'operator', '2026-01-01T00:00:00Z')
  `.execute(db.database);
  caller = userCaller({ organizationId });
  ids = [
    await settled({}),
    ...(await Promise.all([
      settled({ outcome: 'aborted', tags: ['team:a'] }, abortDetails),
      settled({ usage: { searches: 3 }, tags: ['team:b'] }, { costNanos: 12_345n, attempts: 2 }),
    ])),
  ];
});

const abortDetails: CallDetails = {
  multiplierMillionths: 1_500_000n,
  abort: { onAbort: 'delivered', deliveredOutputTokens: 34, reportedOutputTokens: 90 },
};

/** A call that costs what its usage makes. */
async function settled(
  changes: Partial<Omit<Settle, 'usage'>> & { usage?: Partial<Settle['usage']> },
  details?: CallDetails,
): Promise<string> {
  const call = fixture.call(organizationId, 900_000_000n);
  await access.authorize(call);
  const plain = settleOf(call, 0n);
  const usage = { ...plain.usage, ...changes.usage };
  const amount = chargeFor(price, usage, details?.multiplierMillionths);
  await access.settle({ ...plain, ...changes, usage, amount, ...(details && { details }) });
  return call.requestId;
}

afterAll(async () => {
  await access.close();
  await app.close();
  await db.close();
});

async function get(url: string, expected = 200) {
  const answer = await app.inject({ method: 'GET', url });
  expect(answer.statusCode, answer.body).toBe(expected);
  return answer;
}
const receipt = async (id: string | undefined) =>
  (await get(`/api/v1/billing/usage/events/${id}`)).json();
const listed = async (query: string) => {
  const { data } = (await get(`/api/v1/billing/usage/events?${query}`)).json();
  return data.map((item: { request_id: string }) => item.request_id);
};

describe('what only some calls have', () => {
  test('is on their receipts, and told of no other call', async () => {
    expect(await receipt(ids[0])).toMatchObject({ multiplier: '1', on_abort: null });
    const left = await receipt(ids[1]);
    expect(left).toMatchObject({
      ...{ multiplier: '1.5', amount: '0.0000333', outcome: 'aborted' },
      on_abort: { policy: 'delivered', delivered_output_tokens: 34, reported_output_tokens: 90 },
      formula: '((12 input × 0.15 + 34 output × 0.60) ÷ 1,000,000) × 1.5 = 0.0000333 USD',
    });
    expect(await receipt(ids[2])).toMatchObject({ usage: { searches: 3 }, amount: '0.0300222' });
    expect((await receipt(ids[0])).usage).not.toHaveProperty('searches');
  });

  test('shows cost, margin and attempts to operators only', async () => {
    expect(await receipt(ids[2])).not.toHaveProperty('cost');
    caller = userCaller({ organizationId, platformRole: 'operator' });
    const { data } = (await get(`/api/v1/admin/calls?organization=${organizationId}`)).json();
    caller = userCaller({ organizationId });
    const shown = data.find((item: { request_id: string }) => item.request_id === ids[2]);
    expect(shown).toMatchObject({ cost: '0.000012345', margin: '0.030009855', attempts: 2 });
    const plain = data.find((item: { request_id: string }) => item.request_id === ids[0]);
    expect(plain).toMatchObject({ cost: null, margin: null, attempts: 1 });
  });

  test('stays as it was first settled', async () => {
    const call = fixture.call(organizationId, 900_000_000n);
    await access.authorize(call);
    const settle = settleOf(call, 33_300n);
    await access.settle({ ...settle, outcome: 'aborted', details: abortDetails });
    const before = await receipt(call.requestId);
    const again = await access.settle({ ...settle, details: { attempts: 9 } });
    expect(again.repeated).toBe(true);
    expect(await receipt(call.requestId)).toEqual(before);
    await sql`delete from metering_usage where request_id = ${call.requestId}`.execute(db.database);
  });
});

describe('a list of receipts', () => {
  test.each([
    ['outcome=aborted', () => [ids[1]]],
    ['tag=team:b', () => [ids[2]]],
    ['amount_min=0.01', () => [ids[2]]],
    ['amount_min=0.0000333&outcome=aborted', () => [ids[1]]],
    ['member=usr_nobody', () => []],
    ['cost_center=none&tag=team:a', () => [ids[1]]],
  ])('is filtered by %s', async (query, expected) => {
    expect(await listed(query)).toEqual(expected());
  });

  test('goes on where a page has looked through so many calls and no more', async () => {
    const found: string[] = [];
    let pages = 0;
    let before: string | undefined;
    do {
      const filter = { organizationId, tag: 'team:a', before, limit: 51 };
      const page = await listReceiptPage(platform.database, filter, { calls: 1, looks: 1 });
      found.push(...page.records.map(({ usage }) => usage.request_id));
      before = page.resumeBefore;
      pages += 1;
    } while (before !== undefined);
    expect(found).toEqual([ids[1]]);
    expect(pages).toBe(2);
  });

  test('names members only to who may see their usage', async () => {
    caller = userCaller({ organizationId, permissions: ['usage.read'] });
    await get('/api/v1/billing/usage/events?member=usr_one', 403);
    await get('/api/v1/billing/usage/events/export?cost_center=none', 403);
    caller = userCaller({ organizationId });
  });
});

describe('an export of receipts', () => {
  test.each(['csv', 'jsonl'])('in %s holds all that verifying needs', async (format) => {
    const answer = await get(`/api/v1/billing/usage/events/export?format=${format}`);
    expect(answer.headers['content-disposition']).toMatch(/receipts-[-\d]{10}\.(csv|jsonl)/);
    const { problems, receipts, totals } = verifyReceipts(answer.body);
    expect(problems).toEqual([]);
    expect(receipts).toBe(3);
    expect(totals.get('USD')).toBe(parseNanos('0.0300777'));
  });

  test('has what was asked for', async () => {
    const answer = await get('/api/v1/billing/usage/events/export?format=jsonl&outcome=aborted');
    expect(answer.body.trim().split('\n')).toHaveLength(1);
    expect(JSON.parse(answer.body)).toMatchObject({ request_id: ids[1] });
  });

  test('may be of one call', async () => {
    const url = `/api/v1/billing/usage/events/export?request_id=${ids[2]}`;
    expect(verifyReceipts((await get(url)).body)).toMatchObject({ receipts: 1, problems: [] });
  });

  test('holds nothing of another organization', async () => {
    caller = userCaller({ organizationId: 'org_other' });
    expect((await get('/api/v1/billing/usage/events/export?format=jsonl')).body).toBe('');
    caller = userCaller({ organizationId });
  });
});
