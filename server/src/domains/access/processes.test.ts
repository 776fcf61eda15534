import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fakeClocks } from '../../platform/testkit/clock.ts';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { type TestPlatform, testPlatform } from '../../platform/testkit/platform.ts';
import { readWallet } from '../ledger/index.ts';
import { sweepHolds, verifyLedger } from './index.ts';
import { type AccessFixture, createAccessFixture } from './testkit/access-fixture.ts';
import type { WorkerOrder } from './testkit/access-worker.ts';
import { runWorker } from './testkit/run-worker.ts';

let db: TestDatabase;
let platform: TestPlatform;
let fixture: AccessFixture;

beforeAll(async () => {
  db = await createTestDatabase();
  platform = testPlatform(db, { clocks: fakeClocks(new Date()) });
  fixture = await createAccessFixture(platform);
});

afterAll(() => db.close());

describe('several processes on one database', () => {
  test('case 1: permit together exactly what the funds cover', async () => {
    const organization = await fixture.organization(50n * 20n);
    const order: WorkerOrder = {
      url: db.url,
      organizations: [organization],
      task: 'authorize',
      calls: 100,
      worstCase: 20,
    };
    const workers = [runWorker(order), runWorker(order)];
    await Promise.all(workers.map(({ ended }) => ended));
    const permitted = workers.flatMap(({ reports }) =>
      reports.map((report) => ('permitted' in report ? report.permitted : 0)),
    );
    expect(permitted.reduce((sum, count) => sum + count, 0)).toBe(50);
    expect(await readWallet(db.database, organization)).toMatchObject({ available: 0n });
    expect((await verifyLedger(platform)).problems).toEqual([]);
  });

  test.each([
    ['calls of the organization', { meterId: 'mtr_requests', limit: 37n }, 37],
    ['tokens of a member', { meterId: 'mtr_tokens', limit: 4_199n, userId: 'usr_fixture' }, 41],
    [
      'what a key may spend',
      { meterId: 'mtr_cost', limit: 1_239n, apiKeyId: 'key_one' },
      // the other keys spend on
      61 + 132,
    ],
    ['what a member may spend', { meterId: 'mtr_cost', limit: 999n, userId: 'usr_fixture' }, 49],
    ['what a cost center may', { meterId: 'mtr_cost', limit: 801n, costCenterId: 'cct_one' }, 40],
  ])('permit together exactly what a quota has room for: %s', async (_, terms, count) => {
    const organization = await fixture.organization(1_000_000n);
    await fixture.quota(organization, { window: 'month', ...terms });
    const order: WorkerOrder = {
      url: db.url,
      organizations: [organization],
      task: 'authorize',
      calls: 100,
      worstCase: 20,
      keys: ['key_one', 'key_two', 'key_three'],
      costCenterId: 'cct_one',
    };
    const workers = [runWorker(order), runWorker(order)];
    await Promise.all(workers.map(({ ended }) => ended));
    const permitted = workers.flatMap(({ reports }) =>
      reports.map((report) => ('permitted' in report ? report.permitted : 0)),
    );
    expect(permitted.reduce((sum, one) => sum + one, 0)).toBe(count);
    expect((await verifyLedger(platform)).problems).toEqual([]);
  });

  test('case 13: lose nothing when one is killed between authorize and settle', async () => {
    const organization = await fixture.organization(1_000n);
    const worker = runWorker({
      url: db.url,
      organizations: [organization],
      task: 'hold',
      calls: 30,
      worstCase: 20,
    });
    await worker.says((report) => 'permitted' in report && report.permitted === 30);
    worker.child.kill('SIGKILL');
    await worker.ended;
    expect(await readWallet(db.database, organization)).toMatchObject({ held: 600n });

    platform.clocks.set(new Date(Date.now() + 600_000));
    await sweepHolds(platform);
    expect(await readWallet(db.database, organization)).toMatchObject({
      available: 1_000n,
      held: 0n,
    });
    expect(await verifyLedger(platform)).toMatchObject({ problems: [], holds: 0 });
  });
});
