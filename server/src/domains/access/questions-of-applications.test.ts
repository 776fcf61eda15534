import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fakeClocks } from '../../platform/testkit/clock.ts';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { type TestPlatform, testPlatform } from '../../platform/testkit/platform.ts';
import { entitlementsListeners } from '../entitlements/index.ts';
import { ledgerListeners } from '../ledger/index.ts';
import { featuresFor } from './core/features-for.ts';
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
let customer: Customer;

beforeAll(async () => {
  db = await createTestDatabase();
  platform = testPlatform(db, {
    clocks: fakeClocks('2026-03-04T10:00:00Z'),
    listeners: [...ledgerListeners, ...entitlementsListeners],
  });
  fixture = await createApplicationFixture(db, platform);
  served = await fixture.process();
  customer = await fixture.customer({ wallet: 1_000_000_000n });
  await fixture.register('medical', 'patient-7', customer, null);
});

afterAll(async () => {
  await served.close();
  await db.close();
});

describe('features', () => {
  test('are those of the plan, named as the application names them', async () => {
    const { status, body } = await served.get('features?subject=patient-7');
    expect(status).toBe(200);
    expect(body).toEqual({
      data: { sso: false, seats: 1 },
      plan: { id: expect.stringMatching(/^pln_/), slug: 'medical-free', name: 'Free' },
      organization: customer.organizationId,
    });
    const hub = await served.get(`features?organization=${customer.organizationId}`, 'hub');
    expect(hub.body.data).toEqual({});
  });

  test('change with the plan at once', async () => {
    const grown = await fixture.customer({ plan: 'medical-pro' });
    const { body } = await served.get(`features?subject=${grown.apiKeyId}`);
    expect(body).toMatchObject({ data: { sso: true, seats: 5 }, plan: { slug: 'medical-pro' } });
  });

  test('prefer the application’s own over the deployment’s of the same key', () => {
    const features = { sso: false, seats: 9, 'medical.sso': true, 'hub.colors': 'red' };
    expect(featuresFor(features, 'medical')).toEqual({ sso: true, seats: 9 });
  });
});

describe('subjects of a question', () => {
  test.each([
    ['an external id', () => 'subject=patient-7'],
    ['an organization', () => `subject=${customer.organizationId}`],
    ['a key', () => `subject=${customer.apiKeyId}`],
    ['a person', () => `subject=${customer.userId}`],
    ['an organization by its kind', () => `organization=${customer.organizationId}`],
    [
      'a person of an organization',
      () => `user=${customer.userId}&organization=${customer.organizationId}`,
    ],
  ])('may be %s', async (_, query) => {
    const { status, body } = await served.get(`quotas?${query()}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ organization: customer.organizationId, next_cursor: null });
    expect(body.data).toHaveLength(3);
  });

  test('may be a secret in a header, where no log keeps it', async () => {
    const { status, body } = await served.get('quotas', 'medical', {
      'sluice-subject': customer.secret,
    });
    expect(status).toBe(200);
    expect(body.organization).toBe(customer.organizationId);
  });

  test.each([
    ['', 400, 'malformed'],
    ['?subject=', 400, 'malformed'],
    ['?api_key=a&external_id=b', 400, 'malformed'],
    ['?external_id=a&organization=b', 400, 'malformed'],
    ['?no_such=1', 400, 'malformed'],
    ['?subject=nobody', 404, 'subject_unknown'],
    ['?subject=org_nobody', 404, 'subject_unknown'],
    ['?subject=usr_nobody', 404, 'subject_unknown'],
    ['?subject=key_nobody', 404, 'subject_unknown'],
    ['?subject=sk-nobody', 404, 'subject_unknown'],
    [`?external_id=${'x'.repeat(300)}`, 400, 'malformed'],
  ])('refuse "%s" with a sentence', async (query, status, code) => {
    for (const path of ['features', 'quotas']) {
      const answer = await served.get(path + query);
      expect(answer, path).toMatchObject({ status, body: { error: { code } } });
      expect(answer.body.error.message.length).toBeGreaterThan(20);
    }
  });

  test('of several organizations has to be named with one', async () => {
    const another = await fixture.customer();
    await sql`
      insert into identity_members (organization_id, user_id, role, created_at)
      values (${another.organizationId}, ${customer.userId}, 'member', ${platform.clocks.business()})
    `.execute(db.database);
    platform.clocks.advance('PT1M');
    const answer = await served.get(`quotas?user=${customer.userId}`);
    expect(answer).toMatchObject({
      status: 422,
      body: { error: { param: 'subject.organization' } },
    });
    const member = `user=${customer.userId}&organization=${another.organizationId}`;
    expect((await served.get(`quotas?${member}`)).status).toBe(200);
    const stranger = `user=${another.userId}&organization=${customer.organizationId}`;
    expect((await served.get(`quotas?${stranger}`)).status).toBe(404);
  });
});

describe('rate limits of an application’s own', () => {
  const ask = (changes: object = {}, application = 'medical') =>
    served.post(
      'rate-limits',
      {
        subject: { api_key: customer.secret },
        name: 'search',
        limit: 2,
        window_seconds: 60,
        ...changes,
      },
      application,
    );

  test('let so many pass within the window, and say when to come back', async () => {
    const answers = [await ask(), await ask(), await ask()];
    expect(answers.map(({ body }) => [body.allowed, body.remaining])).toEqual([
      [true, 1],
      [true, 0],
      [false, 0],
    ]);
    platform.clocks.advance('PT20S');
    expect((await ask()).body).toMatchObject({ allowed: false, retry_after_seconds: 42 });
    platform.clocks.advance('PT42S');
    expect((await ask()).body).toMatchObject({
      allowed: true,
      remaining: 1,
      retry_after_seconds: 0,
    });
  });

  test('are apart by name, window, subject and application', async () => {
    for (const changes of [
      { name: 'export', limit: 1 },
      { name: 'export', limit: 1, window_seconds: 3600 },
      { name: 'export', limit: 1, subject: { organization: customer.organizationId } },
    ]) {
      expect((await ask(changes)).body.allowed).toBe(true);
      expect((await ask(changes)).body.allowed).toBe(false);
    }
    expect((await ask({ name: 'export', limit: 1 }, 'hub')).body.allowed).toBe(true);
  });
});

describe('bad input', () => {
  const good = () => ({
    request_id: 'bad-1',
    subject: { api_key: customer.secret },
    estimate: { analyses: 1 } as unknown,
  });

  test.each<[string, object, number, string | undefined]>([
    ['no id', { request_id: undefined }, 400, 'request_id'],
    ['an empty id', { request_id: '' }, 400, 'request_id'],
    ['an id with a space', { request_id: 'a b' }, 400, 'request_id'],
    ['an id that is too long', { request_id: 'x'.repeat(201) }, 400, 'request_id'],
    ['an id that is a number', { request_id: 7 }, 400, 'request_id'],
    ['no subject', { subject: undefined }, 400, 'subject'],
    ['an empty subject', { subject: {} }, 400, 'subject'],
    ['two subjects', { subject: { user: 'usr_1', api_key: 'key_1' } }, 400, 'subject'],
    ['an unknown kind of subject', { subject: { customer: '1' } }, 400, 'subject.customer'],
    ['no estimate', { estimate: undefined }, 400, 'estimate'],
    ['an empty estimate', { estimate: {} }, 422, 'estimate'],
    ['a meter that does not exist', { estimate: { scans: 1 } }, 422, 'estimate.scans'],
    [
      'a meter of another application',
      { estimate: { 'hub.analyses': 1 } },
      422,
      'estimate.hub.analyses',
    ],
    ['part of a count', { estimate: { analyses: '0.5' } }, 422, 'estimate.analyses'],
    ['less than nothing', { estimate: { analyses: -1 } }, 422, 'estimate.analyses'],
    ['a level that falls', { estimate: { storage: '-1' } }, 422, 'estimate.storage'],
    ['a quantity with an exponent', { estimate: { analyses: '1e3' } }, 400, 'estimate.analyses'],
    ['no number', { estimate: { analyses: 'many' } }, 400, 'estimate.analyses'],
    ['null', { estimate: { analyses: null } }, 400, 'estimate.analyses'],
    ['a meter twice', { estimate: { analyses: 1, 'medical.analyses': 1 } }, 422, undefined],
    ['distinct values', { estimate: { readers: 1 } }, 422, 'estimate.readers'],
    ['cost itself', { estimate: { cost: '1' } }, 422, 'estimate.cost'],
    ['tokens without a model', { estimate: { input_tokens: 5 } }, 422, 'estimate.input_tokens'],
    [
      'meters with a model',
      { model: 'gpt-4o-mini', estimate: { analyses: 1 } },
      422,
      'estimate.analyses',
    ],
    [
      'a model without bounds',
      { model: 'gpt-4o-mini', estimate: {} },
      422,
      'estimate.input_tokens',
    ],
    [
      'fewer tokens than none',
      { model: 'gpt-4o-mini', estimate: { input_tokens: -5 } },
      422,
      'estimate.input_tokens',
    ],
    [
      'a model without a price',
      { model: 'none', estimate: { input_tokens: 5, max_output_tokens: 1 } },
      422,
      'model',
    ],
    ['a limit of its own', { limit: 1000 }, 400, 'limit'],
    ['another application', { application: 'hub' }, 403, 'application'],
    ['no address', { ip: 'nowhere' }, 400, 'ip'],
    ['a tag with a comma', { tags: ['a,b'] }, 400, 'tags.0'],
    ['eleven tags', { tags: Array.from({ length: 11 }, (_, i) => `t${i}`) }, 400, 'tags'],
    ['an endless hold', { hold_seconds: 1e9 }, 400, 'hold_seconds'],
  ])('authorize refuses %s and changes nothing', async (_, changes, status, param) => {
    const before = await countRows();
    const answer = await served.post('authorize', { ...good(), ...changes });
    expect(answer.status, JSON.stringify(answer.body)).toBe(status);
    if (param !== undefined) expect(answer.body.error.param).toBe(param);
    expect(answer.body.error.message).toMatch(/^[^\n]{20,}[.…]$/);
    expect(await countRows()).toEqual(before);
  });

  test.each<[string, object, number]>([
    ['no usage', { usage: undefined }, 400],
    ['empty usage', { usage: {} }, 400],
    ['less than nothing', { usage: { analyses: -1 } }, 422],
    ['an unknown meter', { usage: { scans: 1 } }, 422],
    ['tokens of a call without a model', { usage: { input_tokens: 1, output_tokens: 1 } }, 422],
    ['an unknown outcome', { outcome: 'gone' }, 400],
    ['a price of its own', { amount: '0' }, 400],
    ['a negative duration', { latency_ms: -1 }, 400],
  ])('settle refuses %s, and the call stays open', async (_, changes, status) => {
    await served.post('authorize', { ...good(), request_id: 'open-1' });
    const before = await countRows();
    const answer = await served.post('settle', {
      request_id: 'open-1',
      usage: { analyses: 1 },
      ...changes,
    });
    expect(answer.status, JSON.stringify(answer.body)).toBe(status);
    expect(answer.body.error.message.length).toBeGreaterThan(20);
    expect(await countRows()).toEqual(before);
  });

  test.each<[string, object]>([
    [
      'more from a cache than there was',
      { input_tokens: 1, output_tokens: 1, cached_input_tokens: 2 },
    ],
    ['more reasoning than output', { input_tokens: 1, output_tokens: 1, reasoning_tokens: 2 }],
    ['no output', { input_tokens: 1 }],
    ['part of a token', { input_tokens: 1.5, output_tokens: 1 }],
    ['less than nothing', { input_tokens: -1, output_tokens: 1 }],
    ['meters', { analyses: 1 }],
  ])('settle of a call of a model refuses %s', async (_, usage) => {
    const body = {
      ...good(),
      request_id: 'model-1',
      model: 'gpt-4o-mini',
      estimate: { input_tokens: 10, max_output_tokens: 10 },
    };
    expect((await served.post('authorize', body)).status).toBe(200);
    const before = await countRows();
    const answer = await served.post('settle', { request_id: 'model-1', usage });
    expect([400, 422], JSON.stringify(answer.body)).toContain(answer.status);
    expect(await countRows()).toEqual(before);
  });
});

/** What calls write. */
async function countRows() {
  const { rows } = await sql`
    select (select count(*) from access_requests) as requests, (select count(*) from access_holds) as holds,
      (select count(*) from metering_usage) as usage, (select count(*) from access_closed_requests) as closed,
      (select sum(used + reserved) from metering_counters) as counted
  `.execute(db.database);
  return rows[0];
}
