import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { fakeClocks } from './clock.ts';
import { createTestDatabase } from './database.ts';

describe('createTestDatabase', () => {
  test('gives each caller its own migrated database, and leaves nothing behind', async () => {
    const [one, other] = await Promise.all([createTestDatabase(), createTestDatabase()]);
    await sql`create table mine (id integer)`.execute(one.database);
    const seen = await sql`
      select to_regclass('mine') as mine, count(*) > 0 as migrated
      from platform_migrations
    `.execute(other.database);
    expect(seen.rows).toEqual([{ mine: null, migrated: true }]);

    const name = new URL(one.url).pathname.slice(1);
    await one.close();
    const left = await sql`select 1 from pg_database where datname = ${name}`.execute(
      other.database,
    );
    expect(left.rows).toEqual([]);
    await other.close();
  });
});

describe('fakeClocks', () => {
  test('stand still, move together, and let business time run ahead', () => {
    const clocks = fakeClocks('2026-01-31T10:00:00Z');
    clocks.advance('P1M');
    expect(clocks.wall()).toEqual(new Date('2026-02-28T10:00:00Z'));
    clocks.advanceBusiness('P1D');
    expect(clocks.wall()).toEqual(new Date('2026-02-28T10:00:00Z'));
    expect(clocks.business()).toEqual(new Date('2026-03-01T10:00:00Z'));
    clocks.set('2026-05-01T00:00:00Z');
    expect(clocks.business()).toEqual(clocks.wall());
  });
});
