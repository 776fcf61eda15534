import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../testkit/database.ts';
import { type Executor, openDatabase } from './pool.ts';

type StoreTables = { notes: { id: bigint; text: string } };

let own: TestDatabase;

beforeAll(async () => {
  own = await createTestDatabase({ migrated: false });
  await sql`create table notes (id bigint primary key, text text not null)`.execute(own.database);
});

afterAll(() => own.close());

describe('openDatabase', () => {
  test('reads every type without loss', async () => {
    const { rows } = await sql`
      select 9007199254740993::int8 as whole, array[1, null]::int8[] as wholes,
        0.1234567890123456789::numeric as exact, array[0.10]::numeric[] as exacts,
        date '2026-03-01' as day, array[date '2026-03-01'] as days,
        timestamptz '2026-03-01 08:00+08' as instant, count(*) as rows
    `.execute(own.database);
    expect(rows[0]).toEqual({
      whole: 9007199254740993n,
      wholes: [1n, null],
      exact: '0.1234567890123456789',
      exacts: ['0.10'],
      day: '2026-03-01',
      days: ['2026-03-01'],
      instant: new Date('2026-03-01T00:00:00Z'),
      rows: 1n,
    });
  });

  test('serves a store through the pool and through a transaction alike', async () => {
    await insertNote(own.database, 1n, 'pool');
    await own.database.transaction().execute(async (transaction) => {
      await insertNote(transaction, 2n, 'transaction');
    });
    const undone = own.database.transaction().execute(async (transaction) => {
      await insertNote(transaction, 3n, 'undone');
      throw new Error('undo');
    });
    await expect(undone).rejects.toThrow('undo');
    expect(await findTexts(own.database)).toEqual(['pool', 'transaction']);
  });

  test('ends a statement that takes longer than allowed', async () => {
    const database = openDatabase({ url: own.url, statementTimeoutMs: 50 });
    await expect(sql`select pg_sleep(5)`.execute(database)).rejects.toThrow(/statement timeout/);
    await database.destroy();
  });

  test('survives connections that break, idle or in a transaction', async () => {
    const heard: Error[] = [];
    const database = openDatabase({
      url: own.url,
      applicationName: 'breaking',
      onConnectionError: (error) => heard.push(error),
    });
    const broken = database.transaction().execute(async (transaction) => {
      await sql`select 1`.execute(transaction);
      await breakConnections();
      await expect.poll(() => heard.length).toBeGreaterThan(0);
      await sql`select 1`.execute(transaction);
    });
    await expect(broken).rejects.toThrow();
    await sql`select 1`.execute(database);
    const heardBefore = heard.length;
    await breakConnections();
    await expect.poll(() => heard.length).toBeGreaterThan(heardBefore);
    expect((await sql`select 1 as one`.execute(database)).rows).toEqual([{ one: 1 }]);
    await database.destroy();
  });
});

async function insertNote(executor: Executor, id: bigint, text: string): Promise<void> {
  await executor.withTables<StoreTables>().insertInto('notes').values({ id, text }).execute();
}

async function findTexts(executor: Executor): Promise<string[]> {
  const rows = await executor
    .withTables<StoreTables>()
    .selectFrom('notes')
    .select('text')
    .orderBy('id')
    .execute();
  return rows.map((row) => row.text);
}

async function breakConnections(): Promise<void> {
  await sql`
    select pg_terminate_backend(pid)
    from pg_stat_activity
    where application_name = 'breaking'
  `.execute(own.database);
}
