import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../testkit/database.ts';
import { listen, notify } from './listen.ts';

let own: TestDatabase;

beforeAll(async () => {
  own = await createTestDatabase({ migrated: false });
});

afterAll(() => own.close());

describe('listen', () => {
  test('hears only its channels, and a transaction only after its commit', async () => {
    const { heard, listener } = await startListening(['keys', 'Prices']);
    await own.database.transaction().execute(async (transaction) => {
      await notify(transaction, 'keys', 'key_1');
      await notify(own.database, 'Prices', 'first');
      await notify(own.database, 'others', 'unheard');
    });
    await expect.poll(() => heard).toEqual(['Prices:first', 'keys:key_1']);
    await listener.close();
  });

  test('listens again after its connection broke, and says that there was a gap', async () => {
    const { heard, gaps, listener } = await startListening(['keys']);
    await sql`
      select pg_terminate_backend(pid)
      from pg_stat_activity
      where application_name = 'sluice listen' and datname = current_database()
    `.execute(own.database);
    await expect.poll(() => gaps.length).toBe(1);
    await notify(own.database, 'keys', 'after');
    await expect.poll(() => heard).toEqual(['keys:after']);
    await listener.close();
  });

  test('rejects when the first connection fails', async () => {
    const refused = listen({
      url: `${own.url}&port=1`,
      channels: ['keys'],
      onNotify: () => undefined,
    });
    await expect(refused).rejects.toThrow();
  });
});

async function startListening(channels: string[]) {
  const heard: string[] = [];
  const gaps: true[] = [];
  const listener = await listen({
    url: own.url,
    channels,
    onNotify: (channel, payload) => heard.push(`${channel}:${payload}`),
    onReconnect: () => gaps.push(true),
  });
  return { heard, gaps, listener };
}
