import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../testkit/database.ts';
import { migrate, pendingMigrations } from './migrate.ts';

let sources: string;
let own: TestDatabase;

beforeEach(async () => {
  sources = mkdtempSync(join(tmpdir(), 'sluice-migrations-'));
  own = await createTestDatabase({ migrated: false });
});

afterEach(async () => {
  await own.close();
  rmSync(sources, { recursive: true });
});

describe('migrate', () => {
  test('applies the files of all folders in the order of their numbers, once', async () => {
    write('payments', '0002_second.sql', 'insert into steps values (2)');
    write(
      'ledger',
      '0001_first.sql',
      'create table steps (number integer); insert into steps values (1)',
    );
    expect(await run()).toEqual(['0001_first.sql', '0002_second.sql']);
    expect(await run()).toEqual([]);
    expect(await steps()).toEqual([1, 2]);
  });

  test('applies a file once when several processes migrate at the same time', async () => {
    write('ledger', '0001_first.sql', 'create table steps (number integer)');
    write('ledger', '0002_slow.sql', 'select pg_sleep(0.2); insert into steps values (2)');
    const applied = await Promise.all([run(), run(), run(), run()]);
    expect(applied.flat().sort()).toEqual(['0001_first.sql', '0002_slow.sql']);
    expect(await steps()).toEqual([2]);
  });

  test('names both files that have the same number', async () => {
    write('payments', '0001_one.sql', 'select 1');
    write('ledger', '0001_other.sql', 'select 1');
    await expect(run()).rejects.toThrow(/ledger.*0001_other\.sql and .*payments.*0001_one\.sql/);
  });

  test('names the file that changed after it was applied, and applies nothing more', async () => {
    write('ledger', '0001_first.sql', 'create table steps (number integer)');
    await run();
    write('ledger', '0001_first.sql', 'create table steps (number bigint)');
    write('ledger', '0002_second.sql', 'insert into steps values (2)');
    await expect(run()).rejects.toThrow(/0001_first\.sql was changed after it was applied/);
    expect(await steps()).toEqual([]);
  });

  test('undoes all of a file that fails, keeps those before, and names it', async () => {
    write('ledger', '0001_first.sql', 'create table steps (number integer)');
    write(
      'ledger',
      '0002_broken.sql',
      'insert into steps values (2); insert into nowhere values (1)',
    );
    await expect(run()).rejects.toThrow(
      /0002_broken\.sql failed: relation "nowhere" does not exist/,
    );
    expect(await steps()).toEqual([]);
    expect(await pendingMigrations(own.url, sources)).toEqual(['0002_broken.sql']);
  });

  test('leaves alone what a newer process has applied', async () => {
    write('ledger', '0001_first.sql', 'create table steps (number integer)');
    write('ledger', '0002_newer.sql', 'insert into steps values (2)');
    await run();
    rmSync(join(sources, 'ledger', 'migrations', '0002_newer.sql'));
    expect(await run()).toEqual([]);
  });

  test('replaces stored functions that changed, whatever their signature was', async () => {
    write('ledger', '0001_first.sql', 'create table steps (number integer)');
    writeFunctions('ledger', 'step', stepFunction('a integer', 'a'));
    expect(await run()).toEqual(['0001_first.sql', 'step']);
    expect(await run()).toEqual([]);

    writeFunctions('ledger', 'step', stepFunction('a integer, b integer', 'a + b'));
    expect(await pendingMigrations(own.url, sources)).toEqual(['step']);
    expect(await run()).toEqual(['step']);
    const { rows } = await sql<{ sum: number; kept: bigint }>`
      select step(1, 2) as sum, (select count(*) from pg_proc where proname = 'step') as kept
    `.execute(own.database);
    expect(rows).toEqual([{ sum: 3, kept: 1n }]);
  });

  test('keeps all stored functions as they were when one of them is broken', async () => {
    writeFunctions('ledger', 'step', stepFunction('a integer', 'a'));
    await run();
    writeFunctions('ledger', 'step', stepFunction('a integer', 'a + 1'));
    writeFunctions('payments', 'broken', 'create function broken() oops');
    await expect(run()).rejects.toThrow(/The stored functions failed: syntax error/);
    const { rows } = await sql<{ step: number }>`select step(1) as step`.execute(own.database);
    expect(rows).toEqual([{ step: 1 }]);
  });

  test('refuses a file whose name has no number', async () => {
    write('ledger', 'first.sql', 'select 1');
    await expect(run()).rejects.toThrow(/must be named like/);
  });
});

describe('pendingMigrations', () => {
  test('names every file before the first start, and none after the product was migrated', async () => {
    write('ledger', '0001_first.sql', 'select 1');
    expect(await pendingMigrations(own.url, sources)).toEqual(['0001_first.sql']);
    const migrated = await createTestDatabase();
    expect(await pendingMigrations(migrated.url)).toEqual([]);
    await migrated.close();
  });
});

const stepFunction = (parameters: string, result: string) =>
  `create function step(${parameters}) returns integer language sql as $$ select ${result} $$;`;

function writeFunctions(domain: string, name: string, text: string): void {
  const folder = join(sources, domain, 'functions');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.sql`), text);
}

function write(domain: string, name: string, text: string): void {
  const folder = join(sources, domain, 'migrations');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), text);
}

function run(): Promise<string[]> {
  return migrate({ url: own.url, sources });
}

async function steps(): Promise<number[]> {
  const { rows } = await sql<{ number: number }>`select number from steps order by number`.execute(
    own.database,
  );
  return rows.map((row) => row.number);
}
