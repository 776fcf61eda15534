import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { migrate, pendingMigrations } from '../platform/database/migrate.ts';
import { createTestDatabase, type TestDatabase } from '../platform/testkit/database.ts';
import { bringUpToDate } from './bring-up-to-date.ts';

const sources = mkdtempSync(join(tmpdir(), 'sluice-tables-'));
let own: TestDatabase;

beforeAll(async () => {
  own = await createTestDatabase({ migrated: false });
  mkdirSync(join(sources, 'ledger', 'migrations'), { recursive: true });
});
afterAll(async () => {
  await own.close();
  rmSync(sources, { recursive: true });
});

const never = new Promise(() => undefined);

function write(name: string): void {
  writeFileSync(join(sources, 'ledger', 'migrations', name), 'select 1');
}

describe('bringUpToDate', () => {
  test('waits for somebody to migrate, and says for what', async () => {
    write('0001_first.sql');
    const said = Promise.withResolvers<string>();
    let isOver = false;
    const waiting = bringUpToDate({
      ...{ url: own.url, migrates: false, sources, say: said.resolve, signal: never },
    }).then(() => {
      isOver = true;
    });
    expect(await said.promise).toBe(
      'Waiting for "sluice migrate": to be applied are 0001_first.sql.',
    );
    expect(isOver).toBe(false);
    await migrate({ url: own.url, sources });
    await waiting;
  });

  test('ends with a sentence when it is asked to while it waits', async () => {
    write('0002_second.sql');
    const say = () => undefined;
    const signal = Promise.resolve('SIGTERM');
    await expect(
      bringUpToDate({ url: own.url, migrates: false, sources, say, signal }),
    ).rejects.toThrow('Asked to end before "sluice migrate" was run.');
  });

  test('applies what is pending by itself where it may', async () => {
    write('0003_third.sql');
    const say = () => undefined;
    await bringUpToDate({ url: own.url, migrates: true, sources, say, signal: never });
    expect(await pendingMigrations(own.url, sources)).toEqual([]);
  });

  test('begins at once on tables that a newer version has changed', async () => {
    rmSync(join(sources, 'ledger', 'migrations', '0003_third.sql'));
    const say = () => expect.unreachable();
    await bringUpToDate({ url: own.url, migrates: false, sources, say, signal: never });
  });
});
