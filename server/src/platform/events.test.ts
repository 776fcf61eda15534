import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { inTransaction } from './context.ts';
import { createEvents, defineEvent, news, reaction } from './events.ts';
import { createTestDatabase, type TestDatabase } from './testkit/database.ts';
import { type TestPlatform, testContext, testPlatform } from './testkit/platform.ts';

const paid = defineEvent<{ invoiceId: string }>('invoice.paid');
const told: string[] = [];
let failures = 0;
let db: TestDatabase;
let at: TestPlatform;

const listeners = [
  reaction(paid, async (_context, transaction, { invoiceId }) => {
    if (invoiceId === 'inv_bad') throw new Error('this reaction refuses');
    await sql`insert into heard (invoice_id) values (${invoiceId})`.execute(transaction);
  }),
  news(paid, async (_context, { invoiceId }, newsId) => {
    if (failures > 0) {
      failures -= 1;
      throw new Error('nobody home');
    }
    told.push(`${invoiceId} ${newsId.slice(0, 4)}`);
  }),
];

beforeAll(async () => {
  db = await createTestDatabase();
  at = testPlatform(db, { listeners });
  await sql`create table heard (invoice_id text primary key)`.execute(at.database);
});
afterAll(() => db.close());
beforeEach(async () => {
  told.length = 0;
  failures = 0;
  await sql`truncate heard, platform_outbox`.execute(at.database);
});

const announce = (invoiceId: string) =>
  inTransaction(testContext(at), (transaction) =>
    at.events.announce(testContext(at), transaction, paid, { invoiceId }),
  );

async function heard(): Promise<string[]> {
  const { rows } = await sql<{ invoice_id: string }>`select invoice_id from heard`.execute(
    at.database,
  );
  return rows.map((row) => row.invoice_id);
}

describe('announce', () => {
  test('runs reactions in the transaction and keeps news for after it', async () => {
    await announce('inv_1');
    expect(await heard()).toEqual(['inv_1']);
    expect(told).toEqual([]);
    expect(await at.events.tellNews(testContext(at))).toBe(1);
    expect(told).toEqual(['inv_1 evt_']);
  });

  test('a reaction that fails undoes everything', async () => {
    await expect(announce('inv_bad')).rejects.toThrow('this reaction refuses');
    expect(await heard()).toEqual([]);
    expect(await at.events.tellNews(testContext(at))).toBe(0);
  });

  test('keeps no news that nobody listens to', async () => {
    const quiet = createEvents([]);
    await inTransaction(testContext(at), (transaction) =>
      quiet.announce(testContext(at), transaction, paid, { invoiceId: 'inv_2' }),
    );
    expect(await at.events.tellNews(testContext(at))).toBe(0);
  });
});

describe('tellNews', () => {
  test('leaves news of another version to a process that listens to it', async () => {
    const older = createEvents([]);
    await announce('inv_1');
    expect(await older.tellNews(testContext(at))).toBe(0);
    expect(await at.events.tellNews(testContext(at))).toBe(1);
    expect(told).toEqual(['inv_1 evt_']);
  });

  test('tells again later what was not heard, with growing distance', async () => {
    failures = 2;
    await announce('inv_1');
    await at.events.tellNews(testContext(at));
    await at.events.tellNews(testContext(at));
    expect(told).toEqual([]);
    at.clocks.advance('PT1S');
    await at.events.tellNews(testContext(at));
    expect(told).toEqual([]);
    at.clocks.advance('PT2S');
    await at.events.tellNews(testContext(at));
    expect(told).toHaveLength(1);
  });

  test('two processes at once tell each event once', async () => {
    for (let index = 0; index < 20; index += 1) await announce(`inv_${index}`);
    await Promise.all([at.events.tellNews(testContext(at)), at.events.tellNews(testContext(at))]);
    expect(told).toHaveLength(20);
    expect(new Set(told.map((entry) => entry.split(' ')[0])).size).toBe(20);
  });
});
