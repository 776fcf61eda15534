/** Many things side by side in one transaction: all or nothing, and asked together. */
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { inBulk } from '../context.ts';
import { createTestDatabase, type TestDatabase } from '../testkit/database.ts';
import { testContext, testPlatform } from '../testkit/platform.ts';
import { gathered } from './gathered.ts';
import type { Executor, Transaction } from './pool.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase({ migrated: false });
  await sql`create table notes (id integer primary key, text text not null)`.execute(db.database);
});
afterAll(() => db.close());
beforeEach(() => sql`truncate notes`.execute(db.database));

const context = () => testContext(testPlatform(db));
const ids = Array.from({ length: 50 }, (_, index) => index);
const insert = (executor: Executor, id: number, text = 'new') =>
  sql`insert into notes (id, text) values (${id}, ${text})`.execute(executor);
async function kept(): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`select id from notes order by id`.execute(db.database);
  return rows.map(({ id }) => id);
}
const nothingFirst = async () => undefined;

describe('inBulk', () => {
  test('does many things in one transaction, in the order of the items', async () => {
    const transactions = await inBulk(context(), ids, {
      first: nothingFirst,
      async each(transaction, id) {
        await insert(transaction, id);
        const { rows } = await sql<{ id: string; own: number }>`
          select pg_current_xact_id()::text as id, ${id}::integer as own
        `.execute(transaction);
        return rows[0];
      },
    });
    expect(transactions.map((one) => one?.own)).toEqual(ids);
    expect(new Set(transactions.map((one) => one?.id)).size).toBe(1);
    expect(await kept()).toEqual(ids);
  });

  test.each([
    ['by the database', (transaction: Transaction) => insert(transaction, 0)],
    ['by what was asked for', () => Promise.reject(new Error('no'))],
  ])('keeps nothing where one of them is refused %s, and works afterwards', async (_by, fail) => {
    let settled = 0;
    const failing = inBulk(context(), ids, {
      first: (transaction) => insert(transaction, 100).then(() => undefined),
      async each(transaction, id) {
        try {
          await insert(transaction, id);
          if (id === 25) await fail(transaction);
          await insert(transaction, id + 1000);
        } finally {
          settled += 1;
        }
      },
    });
    await expect(failing).rejects.toThrow();
    expect(settled).toBe(ids.length);
    expect(await kept()).toEqual([]);
    await inBulk(context(), ids, { first: nothingFirst, each: (...at) => insert(...at) });
    expect(await kept()).toEqual(ids);
  });

  test('runs nothing for whoever holds on to the transaction', async () => {
    let held: Transaction | undefined;
    await inBulk(context(), [1], {
      first: async (transaction) => {
        held = transaction;
      },
      each: (...at) => insert(...at),
    });
    if (!held) throw new Error('it was held');
    await expect(insert(held, 2)).rejects.toThrow('is over');
    expect(await kept()).toEqual([1]);
  });
});

describe('gathered', () => {
  function statement(keyOf?: (item: string) => string) {
    const sent: (readonly string[])[] = [];
    const ask = gathered(async (executor, items: readonly string[]) => {
      sent.push(items);
      const { rows } = await sql<{ text: string; place: number }>`
        select upper(text) as text, place::integer
        from unnest(${[...items]}::text[]) with ordinality as t (text, place)
      `.execute(executor);
      if (items.includes('bad')) throw new Error('bad');
      return items.map((_, index) => rows.find(({ place }) => place === index + 1)?.text);
    }, keyOf);
    return { sent, ask };
  }
  const words = ids.map((id) => `word ${id}`);

  test('asks alone outside of a bulk transaction', async () => {
    const { sent, ask } = statement();
    const answers = await Promise.all(words.map((word) => ask(db.database, word)));
    expect(answers).toEqual(words.map((word) => word.toUpperCase()));
    expect(sent).toHaveLength(words.length);
  });

  test('asks once for all who ask at the same moment', async () => {
    const { sent, ask } = statement();
    const answers = await inBulk(context(), words, {
      first: nothingFirst,
      async each(transaction, word) {
        const upper = await ask(transaction, word);
        return ask(transaction, `${upper} again`);
      },
    });
    expect(answers).toEqual(words.map((word) => `${word.toUpperCase()} AGAIN`));
    expect(sent.map((items) => items.length)).toEqual([words.length, words.length]);
  });

  test('never puts two things of one key into one statement', async () => {
    const { sent, ask } = statement((word) => word.slice(0, 1));
    await inBulk(context(), ['a1', 'a2', 'b1', 'a3'], {
      first: nothingFirst,
      each: (...at) => ask(...at),
    });
    expect(sent).toEqual([['a1', 'b1'], ['a2'], ['a3']]);
  });

  test('tells everybody who has asked that it failed', async () => {
    const { ask } = statement();
    const failed: string[] = [];
    const all = inBulk(context(), ['good', 'bad'], {
      first: nothingFirst,
      each: (transaction, word) =>
        ask(transaction, word).catch((error) => {
          failed.push(word);
          throw error;
        }),
    });
    await expect(all).rejects.toThrow('bad');
    expect(failed).toEqual(['good', 'bad']);
  });
});
