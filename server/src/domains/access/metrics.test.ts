import { sql } from 'kysely';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { type TestPlatform, testContext, testPlatform } from '../../platform/testkit/platform.ts';
import { openFunds } from '../ledger/index.ts';
import { registerAccessMetrics } from './metrics.ts';
import { watchLedger } from './operations/watch-ledger.ts';

let db: TestDatabase;
let at: TestPlatform;
let registry: Registry;

beforeAll(async () => {
  db = await createTestDatabase();
  at = testPlatform(db);
  registry = new Registry();
  registerAccessMetrics(registry, at);
});
afterAll(() => db.close());

const valueNow = async (name: string) => {
  const line = (await registry.metrics()).split('\n').find((text) => text.startsWith(`${name} `));
  return line === undefined ? undefined : Number(line.split(' ').at(-1));
};

test('the ledger metric tells what the last verification found', async () => {
  const context = testContext(at);
  await at.database
    .transaction()
    .execute((transaction) => openFunds(context, transaction, 'org_1'));
  await watchLedger(context);
  expect(await valueNow('sluice_ledger_problems')).toBe(0);
  await sql`update ledger_buckets set available = 5 where organization_id = 'org_1'`.execute(
    at.database,
  );
  at.clocks.advance('PT90S');
  expect(await valueNow('sluice_ledger_verified_seconds_ago')).toBe(90);
  await watchLedger(context);
  expect(await valueNow('sluice_ledger_problems')).toBe(1);
});

test('open and expired holds are told apart', async () => {
  const text = await registry.metrics();
  expect(text).toContain('sluice_holds{state="open"} 0');
  expect(text).toContain('sluice_holds{state="expired"} 0');
});
