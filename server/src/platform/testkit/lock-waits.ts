/** What waits in the database for a lock, so that a test can let something happen just then. */
import { sql } from 'kysely';
import { expect } from 'vitest';
import type { TestDatabase } from './database.ts';

/** Goes on once so many statements wait for a lock. */
export async function untilWaiting({ database }: TestDatabase, statements: number): Promise<void> {
  const count = async () => {
    const { rows } = await sql<{ waiting: number }>`
      select count(*)::int as waiting
      from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'
    `.execute(database);
    return rows[0]?.waiting;
  };
  await expect.poll(count, { timeout: 10_000 }).toBe(statements);
}
