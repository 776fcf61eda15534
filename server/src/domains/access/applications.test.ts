import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inTransaction } from '../../platform/context.ts';
import { fakeClocks } from '../../platform/testkit/clock.ts';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { type TestPlatform, testPlatform } from '../../platform/testkit/platform.ts';
import { entitlementsListeners } from '../entitlements/index.ts';
import { apiKeyLimitsChanged, setOrganizationStatus } from '../identity/index.ts';
import { ledgerListeners, readWallet } from '../ledger/index.ts';
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
  await db.close();
});

function newRequestId(): string {
  ids += 1;
  return `work-${ids}`;
}

const analysis = (customer: Customer, changes: object = {}) => ({
  request_id: newRequestId(),
  subject: { api_key: customer.secret },
  estimate: { analyses: '1' },
  ...changes,
});

describe('authorize', () => {
  test('permits, and answers the limits with the call reserved, the scarcest first', async () => {
    const customer = await fixture.customer();
    const body = analysis(customer);
    const answer = await one.post('authorize', body);
    expect(answer).toMatchObject({
      status: 200,
      body: {
        decision: 'permit',
        request_id: body.request_id,
        call: expect.stringMatching(/^req_/),
        organization: customer.organizationId,
        expires_at: '2026-03-04T10:05:00.000Z',
        limits: [
          {
            kind: 'quota',
            meter: 'medical.analyses',
            unit: 'count',
            window: 'day',
            subject: { kind: 'organization', id: customer.organizationId },
            limit: '3',
            used: '0',
            reserved: '1',
            remaining: '2',
            resets_at: '2026-03-05T00:00:00.000Z',
            hard: true,
          },
          { window: 'month', limit: '20', remaining: '19' },
        ],
      },
    });
  });

  test.each([
    ['the key’s secret', (c: Customer) => ({ api_key: c.secret }), true],
    ['the key’s id', (c: Customer) => ({ api_key: c.apiKeyId }), true],
    ['the organization', (c: Customer) => ({ organization: c.organizationId }), false],
    ['the member', (c: Customer) => ({ user: c.userId }), false],
    [
      'the member of the organization',
      (c: Customer) => ({ user: c.userId, organization: c.organizationId }),
      false,
    ],
  ])('knows a subject by %s', async (_, subjectOf, byKey) => {
    const customer = await fixture.customer();
    const body = analysis(customer, { subject: subjectOf(customer) });
    const { body: permit } = await one.post('authorize', body);
    expect(permit).toMatchObject({ organization: customer.organizationId });
    const settled = await one.post('settle', {
      request_id: body.request_id,
      usage: { analyses: 1 },
    });
    expect(settled.body).toMatchObject({ api_key: byKey ? customer.apiKeyId : null });
  });

  test('knows a subject by the id that this application gave it, and no other', async () => {
    const customer = await fixture.customer();
    await fixture.register('medical', 'patient-7', customer, customer.userId);
    const body = analysis(customer, { subject: { external_id: 'patient-7' } });
    expect((await one.post('authorize', body)).status).toBe(200);
    const settled = await one.post('settle', {
      request_id: body.request_id,
      usage: { analyses: 1 },
    });
    expect(settled.body).toMatchObject({ user: customer.userId, api_key: null });
    const foreign = await one.post(
      'authorize',
      analysis(customer, { subject: body.subject }),
      'hub',
    );
    expect(foreign).toMatchObject({ status: 404, body: { error: { code: 'subject_unknown' } } });
  });

  test('answers as before while it is open, from any process and whatever the repeat says', async () => {
    const customer = await fixture.customer();
    const body = analysis(customer);
    const first = await one.post('authorize', body);
    const stranger = await fixture.customer();
    const repeats = await Promise.all([
      one.post('authorize', body),
      other.post('authorize', { ...body, estimate: { analyses: '3' } }),
      other.post('authorize', { ...body, subject: { api_key: stranger.secret } }),
    ]);
    for (const repeat of repeats) {
      expect(repeat.status).toBe(200);
      expect(repeat.body).toMatchObject({
        call: first.body.call,
        organization: customer.organizationId,
      });
      expect(repeat.body.limits[0]).toMatchObject({ reserved: '1', remaining: '2' });
    }
  });

  test('reserves once when two processes are asked at once', async () => {
    const customer = await fixture.customer();
    const body = analysis(customer);
    const answers = await Promise.all(
      [one, other, one, other].map((process) => process.post('authorize', body)),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(new Set(answers.map(({ body: { call } }) => call)).size).toBe(1);
    const quotas = await one.get(`quotas?organization=${customer.organizationId}`);
    expect(quotas.body.data[0]).toMatchObject({ reserved: '1' });
  });

  test('keeps ids of two applications apart', async () => {
    const customer = await fixture.customer();
    await fixture.topUp(customer.organizationId, 1_000_000n);
    const body = analysis(customer);
    const asked = { ...body, estimate: { exports: 1 } };
    const [medical, hub] = await Promise.all([
      one.post('authorize', body),
      one.post('authorize', asked, 'hub'),
    ]);
    expect([medical?.status, hub?.status]).toEqual([200, 200]);
    expect(hub?.body.call).not.toBe(medical?.body.call);
  });

  test('takes no call of a model beyond the funds, and holds the worst case of one within', async () => {
    const customer = await fixture.customer({ plan: 'medical-pro', wallet: 1_000_000n });
    const call = (maxOutputTokens: number) =>
      analysis(customer, {
        model: 'gpt-4o-mini',
        estimate: { input_tokens: 1000, max_output_tokens: maxOutputTokens },
      });
    const dear = await one.post('authorize', call(100_000));
    expect(dear).toMatchObject({ status: 402, body: { error: { code: 'insufficient_funds' } } });
    const body = call(1000);
    expect((await one.post('authorize', body)).status).toBe(200);
    const { organizationId } = customer;
    // 1000 × 0.15 + 1000 × 0.60 dollars per million
    expect(await readWallet(db.database, organizationId)).toMatchObject({ held: 750_000n });

    const usage = { input_tokens: 500, output_tokens: 100, cached_input_tokens: 100 };
    const settled = await other.post('settle', { request_id: body.request_id, usage });
    expect(settled).toMatchObject({
      status: 200,
      body: {
        request_id: body.request_id,
        model: 'gpt-4o-mini',
        application: fixture.applications.medical,
        usage: { input_tokens: 500, cached_input_tokens: 100, output_tokens: 100 },
        amount: '0.000135',
        meters: {},
        paid_by: [{ kind: 'wallet', amount: '0.000135' }],
      },
    });
    expect(await readWallet(db.database, organizationId)).toMatchObject({
      held: 0n,
      available: 865_000n,
    });
  });
});

describe('a refusal', () => {
  test('names the quota and when to come back, and is not remembered', async () => {
    const customer = await fixture.customer();
    for (let index = 0; index < 3; index += 1) await one.post('authorize', analysis(customer));
    const body = analysis(customer);
    const refused = await one.post('authorize', body);
    expect(refused).toMatchObject({
      status: 429,
      headers: { 'retry-after': String(14 * 3600) },
      body: {
        error: {
          code: 'quota_exceeded',
          message: expect.stringMatching(
            /^The quota of 3 medical.analyses per day has 0 used and 3 reserved/,
          ),
          retry_after_seconds: 14 * 3600,
          limit: {
            meter: 'medical.analyses',
            window: 'day',
            remaining: '0',
            resets_at: '2026-03-05T00:00:00.000Z',
          },
        },
      },
    });
    const settled = await one.post('settle', {
      request_id: body.request_id,
      usage: { analyses: 1 },
    });
    expect(settled).toMatchObject({ status: 404, body: { error: { code: 'not_found' } } });
    const violations = await sql<{ count: bigint }>`
      select count(*) as count
      from metering_violations
      where organization_id = ${customer.organizationId}
    `.execute(db.database);
    expect(violations.rows).toEqual([{ count: 1n }]);

    platform.clocks.advance('P1D');
    expect((await other.post('authorize', body)).status).toBe(200);
    const late = await one.post('settle', { request_id: body.request_id, usage: { analyses: 1 } });
    expect(late.body).toMatchObject({ started_at: '2026-03-05T10:00:00.000Z', late: false });
    platform.clocks.advance('-P1D');
  });

  test('says that a plan is needed where a meter requires a quota', async () => {
    const customer = await fixture.customer({ plan: 'hub-free' });
    const refused = await one.post('authorize', analysis(customer));
    expect(refused).toMatchObject({
      status: 403,
      body: {
        error: { code: 'quota_required', message: expect.stringContaining('medical.analyses') },
      },
    });
  });

  test('stops a key at its spend cap', async () => {
    const customer = await fixture.customer({ plan: 'medical-pro', wallet: 1_000_000_000n });
    const body = analysis(customer, {
      model: 'gpt-4o-mini',
      estimate: { input_tokens: 1000, max_output_tokens: 1000 },
    });
    await capSpend(customer, '0.0005');
    const refused = await one.post('authorize', body);
    expect(refused).toMatchObject({
      status: 402,
      body: {
        error: {
          code: 'spend_cap_exceeded',
          limit: {
            kind: 'spend_cap',
            unit: 'money',
            limit: '0.0005',
            subject: { kind: 'api_key', id: customer.apiKeyId },
          },
        },
      },
    });
  });

  test.each([
    ['a key that expired', { expires_at: '2026-03-01T00:00:00Z' }, {}, 404, 'subject_unknown'],
    ['a key that was revoked', { revoked_at: '2026-03-01T00:00:00Z' }, {}, 404, 'subject_unknown'],
    ['a key without its address', { ip_allowlist: '{10.0.0.0/8}' }, {}, 403, 'ip_not_allowed'],
    [
      'an address that the key does not list',
      { ip_allowlist: '{10.0.0.0/8,2001:db8::1}' },
      { ip: '192.0.2.1' },
      403,
      'ip_not_allowed',
    ],
    [
      'an address that it lists',
      { ip_allowlist: '{10.0.0.0/8}' },
      { ip: '10.1.2.3' },
      200,
      undefined,
    ],
    [
      'a model that the key does not list',
      { allowed_models: '{claude-sonnet-4-5}' },
      { model: 'gpt-4o-mini', estimate: {} },
      403,
      'model_not_allowed',
    ],
  ])('judges %s', async (_, columns, changes, status, code) => {
    const customer = await fixture.customer();
    for (const [column, value] of Object.entries(columns)) {
      await sql`
        update identity_api_keys
        set ${sql.ref(column)} = ${value}
        where id = ${customer.apiKeyId}
      `.execute(db.database);
    }
    const answer = await one.post('authorize', analysis(customer, changes));
    expect(answer.status).toBe(status);
    expect(answer.body.error?.code).toBe(code);
  });

  test('keeps a key to its application', async () => {
    const customer = await fixture.customer();
    await sql`
      update identity_api_keys
      set application_id = ${fixture.applications.hub}
      where id = ${customer.apiKeyId}
    `.execute(db.database);
    const refused = await one.post('authorize', analysis(customer));
    expect(refused).toMatchObject({ status: 403, body: { error: { code: 'forbidden' } } });
  });

  test('stops a suspended organization', async () => {
    const customer = await fixture.customer();
    await sql`
      update identity_organizations
      set status = 'suspended'
      where id = ${customer.organizationId}
    `.execute(db.database);
    const refused = await one.post('authorize', analysis(customer));
    expect(refused).toMatchObject({
      status: 403,
      body: { error: { code: 'organization_suspended' } },
    });
  });

  test('gives an organization that owes some days of grace', async () => {
    const customer = await fixture.customer();
    const id = customer.organizationId;
    await setOrganizationStatus(fixture.context, { id, status: 'past_due' });
    expect((await one.post('authorize', analysis(customer))).status).toBe(200);
    platform.clocks.advance('P7D');
    const refused = await one.post('authorize', analysis(customer));
    expect(refused).toMatchObject({
      status: 402,
      body: { error: { code: 'organization_past_due', param: 'subject' } },
    });
    platform.clocks.advance('-P7D');
  });

  test('takes only models of the plan', async () => {
    const customer = await fixture.customer({ plan: 'medical-pro' });
    const refused = await one.post(
      'authorize',
      analysis(customer, { model: 'gpt-5', estimate: { input_tokens: 1, max_output_tokens: 1 } }),
    );
    expect(refused).toMatchObject({ status: 403, body: { error: { code: 'model_not_allowed' } } });
  });
});

async function capSpend(customer: Customer, day: string): Promise<void> {
  const { organizationId, apiKeyId } = customer;
  await inTransaction(fixture.context, (transaction) =>
    platform.events.announce(fixture.context, transaction, apiKeyLimitsChanged, {
      organizationId,
      apiKeyId,
      spendCaps: { day, month: null, total: null },
    }),
  );
}
