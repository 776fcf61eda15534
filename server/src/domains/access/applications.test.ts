import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fakeClocks } from '../../platform/testkit/clock.ts';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { type TestPlatform, testPlatform } from '../../platform/testkit/platform.ts';
import { entitlementsListeners } from '../entitlements/index.ts';
import { ledgerListeners, readWallet } from '../ledger/index.ts';
import type { CallRates } from './application-access.ts';
import { sweepHolds } from './operations/sweep-holds.ts';
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

const free: CallRates = {
  take: async () => undefined,
  give: async () => undefined,
  renew: async () => undefined,
};

beforeAll(async () => {
  db = await createTestDatabase();
  platform = testPlatform(db, {
    clocks: fakeClocks('2026-03-04T10:00:00Z'),
    listeners: [...ledgerListeners, ...entitlementsListeners],
  });
  fixture = await createApplicationFixture(db, platform);
  one = await fixture.process(free);
  other = await fixture.process(free);
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
});
