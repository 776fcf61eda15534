import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fakeClocks } from '../../platform/testkit/clock.ts';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { type TestPlatform, testPlatform } from '../../platform/testkit/platform.ts';
import { entitlementsListeners } from '../entitlements/index.ts';
import { ledgerListeners } from '../ledger/index.ts';
import {
  type ApplicationFixture,
  type ApplicationProcess,
  type Customer,
  createApplicationFixture,
} from './testkit/application-fixture.ts';

let db: TestDatabase;
let platform: TestPlatform;
let fixture: ApplicationFixture;
let served: ApplicationProcess;
let ids = 0;

beforeAll(async () => {
  db = await createTestDatabase();
  platform = testPlatform(db, {
    clocks: fakeClocks('2026-03-04T10:00:00Z'),
    listeners: [...ledgerListeners, ...entitlementsListeners],
  });
  fixture = await createApplicationFixture(db, platform);
  served = await fixture.process();
});

afterAll(async () => {
  await served.close();
  await db.close();
});

function analysis(customer: Customer, changes: object = {}) {
  ids += 1;
  const subject = { api_key: customer.secret };
  return { request_id: `paced-${ids}`, subject, estimate: { analyses: 1 }, ...changes };
}
const authorize = (customer: Customer, changes: object = {}) =>
  served.post('authorize', analysis(customer, changes));
const statuses = (answers: { status: number }[]) => answers.map(({ status }) => status);

/** Begins calls and ends each before the next. */
async function finish(customer: Customer, count: number): Promise<number[]> {
  const answers = [];
  for (let made = 0; made < count; made += 1) {
    const body = analysis(customer);
    answers.push(await served.post('authorize', body));
    await served.post('settle', { request_id: body.request_id, usage: { analyses: 1 } });
  }
  return statuses(answers);
}

describe('requests per minute', () => {
  test('of the plan refuse the next, name the limit and say when to come back', async () => {
    const customer = await fixture.customer({ plan: 'medical-paced' });
    expect(await finish(customer, 3)).toEqual([200, 200, 200]);
    platform.clocks.advance('PT20S');
    const refused = await authorize(customer);
    expect(refused).toMatchObject({
      status: 429,
      headers: { 'retry-after': '42' },
      body: {
        error: {
          code: 'rate_limited',
          limit: {
            kind: 'requests_per_minute',
            unit: 'count',
            window: 'minute',
            subject: { kind: 'organization', id: customer.organizationId },
            limit: '3',
            used: '3',
            remaining: '0',
            hard: true,
          },
        },
      },
    });
    platform.clocks.advance('PT42S');
    expect((await authorize(customer)).status).toBe(200);
  });

  test('of the key refuse whoever calls with it, and nobody else', async () => {
    const customer = await fixture.customer({ rates: { requestsPerMinute: 1 } });
    expect((await authorize(customer)).status).toBe(200);
    expect(await authorize(customer)).toMatchObject({
      status: 429,
      body: {
        error: {
          code: 'rate_limited',
          limit: { subject: { kind: 'api_key', id: customer.apiKeyId } },
        },
      },
    });
    const bare = { subject: { organization: customer.organizationId } };
    expect((await authorize(customer, bare)).status).toBe(200);
  });

  test('do not count a call that its quota refuses', async () => {
    const customer = await fixture.customer({ plan: 'medical-paced' });
    const large = { estimate: { analyses: 1001 } };
    for (let tries = 0; tries < 4; tries += 1) {
      expect((await authorize(customer, large)).body.error.code).toBe('quota_exceeded');
    }
    expect(await finish(customer, 3)).toEqual([200, 200, 200]);
  });
});

describe('tokens per minute', () => {
  const text = (maximum: number) => ({
    model: 'gpt-4o-mini',
    estimate: { input_tokens: 10, max_output_tokens: maximum },
  });

  test('count the estimate, and in its place what was used once it is known', async () => {
    const customer = await fixture.customer({ plan: 'medical-paced', wallet: 1_000_000_000n });
    const body = analysis(customer, text(80));
    expect((await served.post('authorize', body)).status).toBe(200);
    expect(await authorize(customer, text(10))).toMatchObject({
      status: 429,
      body: {
        error: {
          code: 'rate_limited',
          limit: { kind: 'tokens_per_minute', unit: 'tokens', limit: '100', used: '90' },
        },
      },
    });
    const usage = { input_tokens: 7, output_tokens: 5 };
    await served.post('settle', { request_id: body.request_id, usage });
    expect((await authorize(customer, text(78))).status).toBe(200);
  });
});

describe('concurrency', () => {
  test('refuses one call more than may be in flight, until one of them ends', async () => {
    const customer = await fixture.customer({ rates: { concurrency: 2 } });
    const bodies = [analysis(customer), analysis(customer)];
    for (const body of bodies) expect((await served.post('authorize', body)).status).toBe(200);
    expect(await authorize(customer)).toMatchObject({
      status: 429,
      headers: { 'retry-after': '1' },
      body: {
        error: {
          code: 'concurrency_exceeded',
          limit: { kind: 'concurrency', limit: '2', used: '2', resets_at: null },
        },
      },
    });
    await served.post('release', { request_id: bodies[0]?.request_id });
    expect((await authorize(customer)).status).toBe(200);
  });

  test('counts a repeat once, and lets it through where every place is taken', async () => {
    const customer = await fixture.customer({ rates: { concurrency: 2 } });
    const body = analysis(customer);
    const repeat = () => served.post('authorize', body);
    expect(statuses([await repeat(), await repeat()])).toEqual([200, 200]);
    expect((await authorize(customer)).status).toBe(200);
    expect(statuses([await repeat(), await authorize(customer)])).toEqual([200, 429]);
  });

  test('ends with the hold of a call that nobody settled, unless it is renewed', async () => {
    const customer = await fixture.customer({ rates: { concurrency: 2 } });
    const renewed = analysis(customer, { hold_seconds: 60 });
    await served.post('authorize', renewed);
    await authorize(customer, { hold_seconds: 60 });
    platform.clocks.advance('PT30S');
    await served.post('renew', { request_id: renewed.request_id, hold_seconds: 60 });
    platform.clocks.advance('PT31S');
    expect(statuses([await authorize(customer), await authorize(customer)])).toEqual([200, 429]);
  });
});
