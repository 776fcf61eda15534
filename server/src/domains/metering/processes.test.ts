import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fakeClocks } from '../../platform/testkit/clock.ts';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { testPlatform } from '../../platform/testkit/platform.ts';
import { createPayer } from '../access/testkit/payer.ts';
import { ensureUsagePartitions } from './index.ts';
import type { ReportOrder } from './testkit/report-worker.ts';
import {
  applicationId,
  createReportingFixture,
  type ReportingFixture,
} from './testkit/reporting-fixture.ts';

const script = fileURLToPath(new URL('./testkit/report-worker.ts', import.meta.url));
const run = promisify(execFile);

let db: TestDatabase;
let fixture: ReportingFixture;

beforeAll(async () => {
  db = await createTestDatabase();
  const now = new Date();
  const platform = testPlatform(db, { clocks: fakeClocks(now) });
  fixture = await createReportingFixture(platform, await createPayer(platform, db.url));
  await ensureUsagePartitions(db.database, now, now);
});
afterAll(async () => {
  await fixture.close();
  await db.close();
});

async function reportElsewhere(order: ReportOrder): Promise<number> {
  const { stdout } = await run(process.execPath, [script, JSON.stringify(order)]);
  return JSON.parse(stdout).accepted;
}

test('an event that two processes are told at once counts once', async () => {
  const organizationId = await fixture.organization();
  const ids = Array.from({ length: 1000 }, (_, index) => `event-${index}`);
  const batches = [ids.slice(0, 400), ids.slice(200, 700), ids.slice(600)];
  const order = { url: db.url, applicationId, organizationId, meter: 'pages' };
  const accepted = await Promise.all([
    reportElsewhere({ ...order, batches }),
    reportElsewhere({ ...order, batches: batches.map((batch) => [...batch].reverse()).reverse() }),
  ]);
  expect(accepted.reduce((sum, count) => sum + count, 0)).toBe(1000);
  const { data } = await fixture.get(
    organizationId,
    'usage/meters?meter=medical.pages&interval=month',
  );
  const total = data.reduce((sum, { quantity }) => sum + Number(quantity), 0);
  expect(total).toBe(1000);
}, 60_000);
