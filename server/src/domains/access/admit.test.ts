import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fakeClocks } from '../../platform/testkit/clock.ts';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { type TestPlatform, testPlatform } from '../../platform/testkit/platform.ts';
import { entitlementsListeners } from '../entitlements/index.ts';
import { ledgerListeners } from '../ledger/index.ts';
import {
  type ApplicationFixture,
  type ApplicationProcess,
  createApplicationFixture,
} from './testkit/application-fixture.ts';

let db: TestDatabase;
let platform: TestPlatform;
let fixture: ApplicationFixture;
let one: ApplicationProcess;
let other: ApplicationProcess;

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

const path = 'admit?meter=analyses';
const admit = (key: string | undefined, { process = one, query = '' } = {}) =>
  process.get(`${path}${query}`, 'medical', key === undefined ? {} : { 'sluice-key': key });

describe('admit', () => {
  test('counts a request before it answers, and says what is left', async () => {
    const { secret, organizationId } = await fixture.customer();
    // As a proxy copies the customer's own header.
    const answer = await admit(`Bearer ${secret}`);
    expect(answer).toMatchObject({
      status: 200,
      body: { decision: 'permit', organization: organizationId, limits: [{ remaining: '2' }, {}] },
      headers: {
        'sluice-organization': organizationId,
        'sluice-call': answer.body.call,
        'x-ratelimit-limit': '3',
        'x-ratelimit-remaining': '2',
        'x-ratelimit-reset': '50400',
      },
    });
    const quotas = await one.get('quotas', 'medical', { 'sluice-subject': organizationId });
    expect(quotas.body.data[0]).toMatchObject({ used: '1', reserved: '0' });
  });

  test('lets as many through as the quota has, whichever process is asked', async () => {
    const { secret } = await fixture.customer();
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, n) => admit(secret, { process: n % 2 ? one : other })),
    );
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([200, 200, 200, ...Array(9).fill(429)]);
    const refused = answers.find(({ status }) => status === 429);
    expect(refused?.body.error).toMatchObject({ code: 'quota_exceeded', limit: { limit: '3' } });
    expect(refused?.headers['retry-after']).toBe('50400');
  });

  test('takes a secret only: whoever sends an id, or nothing, is nobody', async () => {
    const { organizationId, apiKeyId, userId } = await fixture.customer();
    expect(await admit(undefined)).toMatchObject({
      status: 401,
      body: { error: { code: 'invalid_credentials' } },
    });
    for (const name of [apiKeyId, organizationId, userId, 'sk-unknown', 'x'.repeat(600)]) {
      expect((await admit(`Bearer ${name}`)).status, name.slice(0, 20)).toBe(401);
    }
  });

  test('speaks to nginx in the two statuses that it passes on, and says which was meant', async () => {
    const { secret } = await fixture.customer();
    const ask = (key: string | undefined = secret) => admit(key, { query: '&statuses=nginx' });
    for (const _ of [1, 2, 3]) expect((await ask()).status).toBe(200);
    expect(await ask()).toMatchObject({
      status: 403,
      headers: { 'sluice-status': '429', 'sluice-code': 'quota_exceeded', 'retry-after': '50400' },
    });
    expect((await ask('sk-unknown')).status).toBe(401);
    const suspended = await fixture.customer();
    await sql`
      update identity_organizations
      set status = 'suspended'
      where id = ${suspended.organizationId}
    `.execute(db.database);
    expect(await ask(suspended.secret)).toMatchObject({
      status: 403,
      headers: { 'sluice-status': '403', 'sluice-code': 'organization_suspended' },
    });
  });

  test('refuses what is no quantity or meter', async () => {
    const { secret } = await fixture.customer();
    expect((await admit(secret, { query: '&quantity=-1' })).status).toBe(422);
    expect((await admit(secret, { query: '&quantity=many' })).status).toBe(400);
    const unknown = await one.get('admit?meter=nothing', 'medical', { 'sluice-key': secret });
    expect(unknown).toMatchObject({ status: 422, body: { error: { code: 'meter_unknown' } } });
  });
});
