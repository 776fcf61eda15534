import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../testkit/database.ts';
import { migrate, pendingMigrations } from './migrate.ts';
import { functionSetOf } from './stored-functions.ts';

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
    expect(await pendingMigrations(own.url, sources)).toEqual([]);
    expect(await run()).toEqual([]);
  });

  test('makes the stored functions of a version beside those of the one before', async () => {
    write('ledger', '0001_first.sql', 'create table steps (number integer)');
    writeFunctions('ledger', 'step', stepFunction('a integer', 'a'));
    const before = functionSetOf(sources).schema;
    expect(await run()).toEqual(['0001_first.sql', 'stored functions']);
    expect(await run()).toEqual([]);

    writeFunctions('ledger', 'step', stepFunction('a integer, b integer', 'a + b'));
    const after = functionSetOf(sources).schema;
    expect(await pendingMigrations(own.url, sources)).toEqual(['stored functions']);
    expect(await run()).toEqual(['stored functions']);
    expect(await answerOf(`${before}.step(1)`)).toBe(1);
    expect(await answerOf(`${after}.step(1, 2)`)).toBe(3);
  });

  test('lets a stored function call those of its own version', async () => {
    writeFunctions('ledger', 'step', stepFunction('a integer', 'a'));
    writeFunctions('ledger', 'twice', twiceFunction);
    const before = functionSetOf(sources).schema;
    await run();
    writeFunctions('ledger', 'step', stepFunction('a integer', 'a + 100'));
    await run();
    expect(await answerOf(`${before}.twice(1)`)).toBe(2);
    expect(await answerOf(`${functionSetOf(sources).schema}.twice(1)`)).toBe(202);
  });

  test('drops the stored functions of versions that began long ago, and of none that began since', async () => {
    const schemas: string[] = [];
    for (const version of [0, 1, 2, 3, 4, 0, 5]) {
      writeFunctions('ledger', 'step', stepFunction('a integer', `a + ${version}`));
      await run();
      schemas.push(functionSetOf(sources).schema);
    }
    const { rows } = await sql<{ schema: string }>`
      select nspname as schema from pg_namespace where nspname like 'functions%'
    `.execute(own.database);
    expect(rows.map(({ schema }) => schema).sort()).toEqual(
      [...new Set(schemas)].toSpliced(1, 1).sort(),
    );
  });

  test('keeps what is there when a stored function is broken', async () => {
    writeFunctions('ledger', 'step', stepFunction('a integer', 'a'));
    const { schema } = functionSetOf(sources);
    await run();
    writeFunctions('ledger', 'step', stepFunction('a integer', 'a + 1'));
    writeFunctions('payments', 'broken', 'create function broken() oops');
    await expect(run()).rejects.toThrow(/The stored functions failed: syntax error/);
    expect(await answerOf(`${schema}.step(1)`)).toBe(1);
  });

  test('lets others through while it waits for the lock of a table, and tries again', async () => {
    write('ledger', '0001_first.sql', 'create table steps (number integer)');
    await run();
    write('ledger', '0002_more.sql', 'alter table steps add column name text');
    const said = Promise.withResolvers<string>();
    const reading = await own.database.startTransaction().execute();
    await sql`select number from steps`.execute(reading);
    const migrating = migrate({
      url: own.url,
      sources,
      log: said.resolve,
      patience: { lockTimeoutMs: 50, triesMax: 100, pauseMs: 100 },
    });
    expect(await said.promise).toMatch(/0002_more\.sql waits for a lock .* \(try 1\)/);
    // It waits for its next try now, and nobody waits behind it.
    expect(await steps()).toEqual([]);
    await reading.commit().execute();
    expect(await migrating).toEqual(['0002_more.sql']);
  });

  test('builds an index of a partitioned table outside of a transaction, and again what was cut off', async () => {
    write(
      'ledger',
      '0001_first.sql',
      `create table steps (number integer not null) partition by range (number);
       create table steps_low partition of steps for values from (0) to (10);
       create table steps_high partition of steps default;
       insert into steps values (1), (20), (20)`,
    );
    await run();
    write(
      'ledger',
      '0002_index.sql',
      `-- outside a transaction
       create unique index concurrently if not exists steps_number on steps (number);`,
    );
    await expect(run()).rejects.toThrow(/0002_index\.sql failed: could not create unique index/);
    expect(await validIndexes()).not.toContain('steps_number');
    await sql`delete from steps where number = 20`.execute(own.database);
    expect(await run()).toEqual(['0002_index.sql']);
    expect(await validIndexes()).toEqual(['steps_number', 'steps_number_high', 'steps_number_low']);
    await sql`create table steps_more partition of steps for values from (30) to (40)`.execute(
      own.database,
    );
    expect(await validIndexes()).toContain('steps_more_number_idx');
  });

  test('runs nothing else outside of a transaction', async () => {
    write('ledger', '0001_first.sql', '-- outside a transaction\nupdate steps set number = 1;');
    await expect(run()).rejects.toThrow(/outside a transaction stand only .* not "update steps/);
  });

  test('gives up on a lock that it never gets, and names the file', async () => {
    write('ledger', '0001_first.sql', 'create table steps (number integer)');
    await run();
    write('ledger', '0002_more.sql', 'alter table steps add column name text');
    const reading = await own.database.startTransaction().execute();
    await sql`select number from steps`.execute(reading);
    const patience = { lockTimeoutMs: 20, triesMax: 2, pauseMs: 1 };
    await expect(migrate({ url: own.url, sources, patience })).rejects.toThrow(
      /0002_more\.sql failed: .*lock timeout/,
    );
    await reading.rollback().execute();
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

const twiceFunction = `create function twice(a integer) returns integer language sql as $$
  select step(a) + step (a)
$$;`;

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

async function answerOf(call: string): Promise<number> {
  const { rows } = await sql<{ answer: number }>`select ${sql.raw(call)} as answer`.execute(
    own.database,
  );
  return rows[0]?.answer as number;
}

async function validIndexes(): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select c.relname as name
    from pg_index i
    join pg_class c on c.oid = i.indexrelid
    where i.indisvalid
      and c.relname like 'steps%'
    order by c.relname
  `.execute(own.database);
  return rows.map(({ name }) => name);
}
