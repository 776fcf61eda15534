import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fakeClocks } from '../../platform/testkit/clock.ts';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { type TestPlatform, testPlatform } from '../../platform/testkit/platform.ts';
import { createPlan } from '../catalog/index.ts';
import { entitlementsListeners, setOverride } from '../entitlements/index.ts';
import { ledgerListeners, readWallet } from '../ledger/index.ts';
import { verifyLedger } from './operations/verify-ledger.ts';
import {
  type ApplicationFixture,
  type ApplicationProcess,
  type Customer,
  createApplicationFixture,
} from './testkit/application-fixture.ts';

const unit = 1_000_000_000n;

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
  const analyses = { meter: 'medical.analyses', window: 'day', limit: '2' } as const;
  await createPlan(fixture.context, {
    ...{ slug: 'more', name: 'More', overage: 'wallet' },
    quotas: [
      { ...analyses, overage_price: '0.25' },
      { meter: 'medical.exports', window: 'month', limit: '10', overage_price: '0.003' },
      { meter: 'medical.storage', window: 'lifetime', limit: '1', overage_price: null },
    ],
  });
  one = await fixture.process();
  other = await fixture.process();
});

afterAll(async () => {
  expect(await verifyLedger(platform)).toMatchObject({ problems: [] });
  await Promise.all([one.close(), other.close()]);
  await db.close();
});

const call = (customer: Customer, estimate: object) => {
  ids += 1;
  return {
    ...{ request_id: `work-${ids}`, subject: { api_key: customer.secret } },
    estimate,
  };
};
const balance = async ({ organizationId }: Customer) =>
  (await readWallet(db.database, organizationId)).available;

describe('overage from the wallet', () => {
  test('sells what a quota lacks, to the unit, once the included part is used', async () => {
    const customer = await fixture.customer({ plan: 'more', wallet: 2n * unit });
    for (let count = 0; count < 2; count += 1) {
      expect(await one.post('authorize', call(customer, { analyses: '1' }))).toMatchObject({
        status: 200,
      });
    }
    expect(await balance(customer)).toBe(2n * unit);

    const further = await one.post('authorize', call(customer, { analyses: '1' }));
    expect(further).toMatchObject({
      status: 200,
      body: { limits: [{ window: 'day', limit: '3', reserved: '3' }] },
    });
    expect(await balance(customer)).toBe(2n * unit - unit / 4n);
  });

  test('charges only what is missing, and leaves what was not used to the next call', async () => {
    const customer = await fixture.customer({ plan: 'more', wallet: unit });
    const body = call(customer, { exports: '14' });
    expect(await one.post('authorize', body)).toMatchObject({ status: 200 });
    const paid = unit - 12_000_000n;
    expect(await balance(customer)).toBe(paid);
    await one.post('settle', { request_id: body.request_id, usage: { exports: '9' } });
    // Fourteen are there by now, and nine are used.
    expect(await one.post('authorize', call(customer, { exports: '5' }))).toMatchObject({
      status: 200,
    });
    expect(await balance(customer)).toBe(paid);
  });

  test('sells nothing to the repeat of a call, also not to one of the same moment', async () => {
    for (let round = 0; round < 5; round += 1) {
      const customer = await fixture.customer({ plan: 'more', wallet: unit });
      const body = call(customer, { analyses: '3' });
      const answers = await Promise.all(
        [one, other, one, other].map((process) => process.post('authorize', body)),
      );
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
      expect(await one.post('authorize', body)).toMatchObject({
        status: 200,
        body: { limits: [{ window: 'day', limit: '3', reserved: '3' }] },
      });
      expect(await balance(customer)).toBe(unit - unit / 4n);
    }
  });

  test('is over with the window', async () => {
    const customer = await fixture.customer({ plan: 'more', wallet: unit });
    for (let count = 0; count < 3; count += 1) {
      await one.post('authorize', call(customer, { analyses: '1' }));
    }
    platform.clocks.set('2026-03-05T10:00:00Z');
    const next = await one.post('authorize', call(customer, { analyses: '1' }));
    expect(next).toMatchObject({ status: 200, body: { limits: [{ limit: '2' }] } });
    platform.clocks.set('2026-03-04T10:00:00Z');
  });

  test('wants money first where there is too little, and takes none then', async () => {
    const customer = await fixture.customer({ plan: 'more', wallet: unit / 4n });
    for (let count = 0; count < 3; count += 1) {
      await one.post('authorize', call(customer, { analyses: '1' }));
    }
    expect(await balance(customer)).toBe(0n);
    expect(await one.post('authorize', call(customer, { analyses: '1' }))).toMatchObject({
      status: 402,
      body: { error: { code: 'insufficient_funds' } },
    });
  });

  test('sells each unit once over two processes', async () => {
    const customer = await fixture.customer({ plan: 'more', wallet: 5n * unit });
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, index) =>
        (index % 2 ? one : other).post('authorize', call(customer, { analyses: '1' })),
      ),
    );
    const permitted = answers.filter(({ status }) => status === 200).length;
    // Two are included, and five buy twenty more at a quarter.
    expect(permitted).toBe(22);
    expect(await balance(customer)).toBe(0n);
  });

  test('sells nothing that has no price, and nothing past an override', async () => {
    const customer = await fixture.customer({ plan: 'more', wallet: unit });
    expect(await one.post('authorize', call(customer, { storage: '2' }))).toMatchObject({
      body: { error: { code: 'quota_exceeded' } },
    });
    await setOverride(fixture.context, {
      organizationId: customer.organizationId,
      ...{ meter: 'medical.analyses', window: 'day', limit: '1', hard: true },
    });
    await one.post('authorize', call(customer, { analyses: '1' }));
    expect(await one.post('authorize', call(customer, { analyses: '1' }))).toMatchObject({
      body: { error: { code: 'quota_exceeded' } },
    });
    expect(await balance(customer)).toBe(unit);
  });
});
