/** Calls of applications cost what the customer's multiplier says when they begin, whichever process settles them. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fakeClocks } from '../../platform/testkit/clock.ts';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { type TestPlatform, testContext, testPlatform } from '../../platform/testkit/platform.ts';
import { createModelGroup, setOrganizationMultiplier } from '../catalog/index.ts';
import { entitlementsListeners } from '../entitlements/index.ts';
import { ledgerListeners, readWallet } from '../ledger/index.ts';
import {
  type ApplicationFixture,
  createApplicationFixture,
} from './testkit/application-fixture.ts';

let db: TestDatabase;
let platform: TestPlatform;
let fixture: ApplicationFixture;

beforeAll(async () => {
  db = await createTestDatabase();
  platform = testPlatform(db, {
    clocks: fakeClocks('2026-03-04T10:00:00Z'),
    listeners: [...ledgerListeners, ...entitlementsListeners],
  });
  fixture = await createApplicationFixture(db, platform);
  await createModelGroup(testContext(platform), {
    slug: 'gpt',
    name: 'GPT',
    models: ['gpt-*'],
    multiplier: '2',
  });
});
afterAll(() => db.close());

const set = (organizationId: string, multiplier: string) =>
  setOrganizationMultiplier(
    testContext(platform),
    { organizationId, group: 'gpt' },
    { multiplier },
  );

describe('a multiplier', () => {
  test('is the one of when the call began, and held with it', async () => {
    const customer = await fixture.customer({ wallet: 1_000_000_000n });
    const { organizationId } = customer;
    await set(organizationId, '3');
    const one = await fixture.process();
    const body = {
      request_id: 'work-1',
      subject: { api_key: customer.secret },
      model: 'gpt-4o-mini',
      estimate: { input_tokens: 1000, max_output_tokens: 100 },
    };
    expect(await one.post('authorize', body)).toMatchObject({ status: 200 });
    const { available, held } = (await readWallet(db.database, organizationId)) ?? {};
    expect((available ?? 0n) + (held ?? 0n)).toBe(1_000_000_000n);
    // (1000 × 0.15 + 100 × 0.60) millionths of a dollar, three times.
    expect(held).toBe(630_000n);

    platform.clocks.advance('PT1M');
    await set(organizationId, '5');
    // It has read the newest multipliers, and settles with that of the authorize all the same.
    const other = await fixture.process();
    const usage = { input_tokens: 1000, output_tokens: 100 };
    const settled = await other.post('settle', { request_id: 'work-1', usage });
    expect(settled).toMatchObject({
      status: 200,
      body: { amount: '0.00063', multiplier: '3' },
    });
    await Promise.all([one.close(), other.close()]);
  });
});
