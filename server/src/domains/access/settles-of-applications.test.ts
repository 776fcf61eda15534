import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fakeClocks } from '../../platform/testkit/clock.ts';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { type TestPlatform, testPlatform } from '../../platform/testkit/platform.ts';
import { entitlementsListeners } from '../entitlements/index.ts';
import { ledgerListeners } from '../ledger/index.ts';
import { forgetRequests } from './operations/forget-requests.ts';
import { sweepHolds } from './operations/sweep-holds.ts';
import { verifyLedger } from './operations/verify-ledger.ts';
import {
  type ApplicationFixture,
  type ApplicationProcess,
  type Customer,
  createApplicationFixture,
} from './testkit/application-fixture.ts';

let db: TestDatabase;
let platform: TestPlatform;
let fixture: ApplicationFixture;
let one: ApplicationProcess;
let other: ApplicationProcess;
let ids = 0;

beforeAll(async () => {
  db = await createTestDatabase();
  platform = testPlatform(db, {
    clocks: fakeClocks('2026-03-04T10:00:00Z'),
    listeners: [...ledgerListeners, ...entitlementsListeners],
  });
  fixture = await createApplicationFixture(db, platform);
  one = await fixture.process();
  other = await fixture.process();
});

afterAll(async () => {
  await Promise.all([one.close(), other.close()]);
  const { problems } = await verifyLedger(platform);
  await db.close();
  expect(problems).toEqual([]);
});

/** A permitted analysis of a new customer. */
async function permitted(changes: object = {}) {
  const customer = await fixture.customer();
  ids += 1;
  const body = {
    request_id: `work-${ids}`,
    subject: { api_key: customer.secret },
    estimate: { analyses: 1 },
    ...changes,
  };
  const { status } = await one.post('authorize', body);
  expect(status).toBe(200);
  return { customer, body, settle: { request_id: body.request_id, usage: { analyses: 1 } } };
}

async function dayQuota(customer: Customer) {
  const { body } = await one.get(`quotas?subject=${customer.organizationId}`);
  return body.data.find(({ window }: { window: string }) => window === 'day');
}

describe('settle', () => {
  test('counts what was used and answers the receipt', async () => {
    const { customer, body, settle } = await permitted({ tags: ['ward:3', 'ct'] });
    const answer = await other.post('settle', {
      ...settle,
      outcome: 'completed',
      latency_ms: 1200,
    });
    expect(answer).toMatchObject({
      status: 200,
      body: {
        request_id: body.request_id,
        call: expect.stringMatching(/^req_/),
        model: null,
        prices: null,
        formula: null,
        application: fixture.applications.medical,
        api_key: customer.apiKeyId,
        user: customer.userId,
        tags: ['ct', 'ward:3'],
        meters: { 'medical.analyses': '1' },
        amount: '0.00',
        paid_by: [],
        late: false,
        latency_ms: 1200,
      },
    });
    expect(await dayQuota(customer)).toMatchObject({ used: '1', reserved: '0', remaining: '2' });
  });

  test('answers the first receipt however often, and at once from two processes', async () => {
    const { customer, settle } = await permitted();
    const answers = await Promise.all([
      one.post('settle', settle),
      other.post('settle', { ...settle, usage: { analyses: 2 } }),
      one.post('settle', settle),
    ]);
    const later = await other.post('settle', { ...settle, usage: { analyses: 3 } });
    for (const answer of answers) expect(answer).toMatchObject({ status: 200, body: later.body });
    const { used } = await dayQuota(customer);
    expect(used).toBe(later.body.meters['medical.analyses']);
  });

  test('takes meters that the estimate did not name', async () => {
    const { customer, settle } = await permitted();
    const usage = { analyses: 1, storage: '0.25', exports: 4 };
    const answer = await one.post('settle', { ...settle, usage });
    expect(answer.body.meters).toEqual({
      'medical.analyses': '1',
      'medical.storage': '0.25',
      'medical.exports': '4',
    });
    const { body } = await one.get(`quotas?subject=${customer.organizationId}`);
    const storage = body.data.find(({ meter }: { meter: string }) => meter === 'medical.storage');
    expect(storage).toMatchObject({ used: '0.25', remaining: '0.75', resets_at: null, unit: 'gb' });
  });

  test('lets a level fall, and nothing else', async () => {
    const { customer, settle } = await permitted();
    await one.post('settle', { ...settle, usage: { storage: '0.75' } });
    const { request_id, ...rest } = (await again(customer)).body;
    const falls = await one.post('settle', { request_id, usage: { storage: '-0.5' } });
    expect(falls).toMatchObject({ status: 200, body: { meters: { 'medical.storage': '-0.5' } } });
    const { body } = await one.get(`quotas?subject=${customer.organizationId}`);
    const storage = body.data.find(({ meter }: { meter: string }) => meter === 'medical.storage');
    expect(storage).toMatchObject({ used: '0.25' });
    const negative = await one.post('settle', {
      request_id: (await again(customer, rest)).body.request_id,
      usage: { analyses: -1 },
    });
    expect(negative).toMatchObject({ status: 422, body: { error: { param: 'usage.analyses' } } });
  });

  test('of an id that was never permitted is 404', async () => {
    const { body } = await permitted();
    const unknown = await one.post('settle', { request_id: 'never', usage: { analyses: 1 } });
    expect(unknown).toMatchObject({ status: 404, body: { error: { param: 'request_id' } } });
    const foreign = await one.post(
      'settle',
      { request_id: body.request_id, usage: { exports: 1 } },
      'hub',
    );
    expect(foreign.status).toBe(404);
  });

  test('is accepted late when what was reserved has expired', async () => {
    const { customer, body, settle } = await permitted({ hold_seconds: 60 });
    platform.clocks.advance('PT2M');
    await sweepHolds(platform);
    expect(await dayQuota(customer)).toMatchObject({ used: '0', reserved: '0' });
    const gone = await one.post('renew', { request_id: body.request_id });
    expect(gone).toMatchObject({ status: 409, body: { error: { code: 'invalid_state' } } });
    const answer = await other.post('settle', settle);
    expect(answer).toMatchObject({ status: 200, body: { late: true } });
    expect(await dayQuota(customer)).toMatchObject({ used: '1', reserved: '0' });
  });

  async function again(customer: Customer, changes: object = {}) {
    ids += 1;
    const body = {
      request_id: `work-${ids}`,
      subject: { api_key: customer.secret },
      estimate: { analyses: 1 },
      ...changes,
    };
    const answer = await one.post('authorize', body);
    expect(answer.status).toBe(200);
    return { body };
  }
});

describe('a call that is over', () => {
  test('is closed for good once it is settled', async () => {
    const { body, settle } = await permitted();
    await one.post('settle', settle);
    for (const path of ['authorize', 'renew', 'release']) {
      const asked = path === 'authorize' ? body : { request_id: body.request_id };
      const answer = await other.post(path, asked);
      expect(answer, path).toMatchObject({
        status: 409,
        body: { error: { code: 'request_closed' } },
      });
    }
    expect((await other.post('settle', settle)).status).toBe(200);
  });

  test('is closed for good once it is released, and its quota is free again', async () => {
    const { customer, body, settle } = await permitted();
    const released = await other.post('release', { request_id: body.request_id });
    expect(released.body).toEqual({ request_id: body.request_id, released: true });
    expect(await dayQuota(customer)).toMatchObject({ used: '0', reserved: '0' });
    const again = await one.post('release', { request_id: body.request_id });
    expect(again.body).toMatchObject({ released: false });
    for (const [path, asked] of [
      ['authorize', body],
      ['settle', settle],
      ['renew', { request_id: body.request_id }],
    ] as const) {
      const answer = await one.post(path, asked);
      expect(answer, path).toMatchObject({
        status: 409,
        body: { error: { code: 'request_closed' } },
      });
    }
  });

  test('released after it expired, it is closed too', async () => {
    const { body, settle } = await permitted({ hold_seconds: 1 });
    platform.clocks.advance('PT2S');
    await sweepHolds(platform);
    const released = await one.post('release', { request_id: body.request_id });
    expect(released).toMatchObject({ status: 200, body: { released: false } });
    expect((await one.post('settle', settle)).status).toBe(409);
    expect((await one.post('authorize', body)).status).toBe(409);
  });

  test('settled and released at once, one of the two wins', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { customer, body, settle } = await permitted();
      const [settled, released] = await Promise.all([
        one.post('settle', settle),
        other.post('release', { request_id: body.request_id }),
      ]);
      const { used, reserved } = await dayQuota(customer);
      expect(reserved).toBe('0');
      expect([settled?.status, released?.status, used]).toEqual(
        settled?.status === 200 ? [200, 409, '1'] : [409, 200, '0'],
      );
    }
  });

  test('an unknown id is 404 to release and to renew', async () => {
    for (const path of ['release', 'renew']) {
      expect((await one.post(path, { request_id: 'never' })).status).toBe(404);
    }
  });
});

describe('many at once', () => {
  test('every permit can be settled once, every refusal cannot, and nothing stays reserved', async () => {
    const customer = await fixture.customer();
    const processes = [one, other];
    for (let round = 0; round < 6; round += 1) {
      const names = Array.from({ length: 6 }, (_, index) => `storm-${round}-${index}`);
      const subject = { api_key: customer.secret };
      // Each id is asked for four times at once, and there is room for fewer than are asked for.
      const asked = names.flatMap((name) => [name, name, name, name]);
      const answers = await Promise.all(
        asked.map(async (request_id, index) => {
          const body = { request_id, subject, estimate: { analyses: 1 } };
          const process = index % 2 === 0 ? one : other;
          const { status, body: answer } = await process.post('authorize', body);
          return { request_id, status, call: answer.call };
        }),
      );
      for (const name of names) {
        const permits = answers.filter(
          ({ request_id, status }) => request_id === name && status === 200,
        );
        expect(new Set(permits.map(({ call }) => call)).size).toBeLessThanOrEqual(1);
        const ends = await Promise.all(
          processes.map((process) =>
            round % 2 === 0
              ? process.post('release', { request_id: name })
              : process.post('settle', { request_id: name, usage: { analyses: 0 } }),
          ),
        );
        const statuses = ends.map(({ status }) => status);
        expect(statuses, name).toEqual(permits.length > 0 ? [200, 200] : [404, 404]);
      }
      expect(await dayQuota(customer)).toMatchObject({ used: '0', reserved: '0' });
    }
  });
});

describe('renew', () => {
  test('keeps what is reserved beyond its first end', async () => {
    const { customer, body } = await permitted({ hold_seconds: 60 });
    const renewed = await other.post('renew', { request_id: body.request_id, hold_seconds: 600 });
    const expiresAt = new Date(platform.clocks.wall().getTime() + 600_000);
    expect(renewed.body).toEqual({
      request_id: body.request_id,
      expires_at: expiresAt.toISOString(),
    });
    platform.clocks.advance('PT5M');
    await sweepHolds(platform);
    expect(await dayQuota(customer)).toMatchObject({ reserved: '1' });
  });
});

describe('forgetRequests', () => {
  test('forgets ids only when nothing that is reported so late is accepted', async () => {
    const { settle } = await permitted();
    await one.post('settle', settle);
    const { body: released } = await permitted();
    await one.post('release', { request_id: released.request_id });
    platform.clocks.advance('P20D');
    await forgetRequests(platform);
    expect((await one.post('settle', settle)).status).toBe(200);
    expect((await one.post('authorize', released)).status).toBe(409);
    platform.clocks.advance('P80D');
    await sweepHolds(platform);
    await forgetRequests(platform);
    expect((await one.post('settle', settle)).status).toBe(404);
    const { rows } = await sql`select external_id from access_requests`.execute(db.database);
    expect(rows).toEqual([]);
  });
});
