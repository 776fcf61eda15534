/** Every sealed column is known to the rotation, and what is sealed there is sealed anew. */
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readConfig } from './platform/config.ts';
import { createSealer, sealedUnder } from './platform/crypto.ts';
import { countOthers, resealColumn, type SealedColumn } from './platform/sealed-columns.ts';
import { openSealer } from './platform/secret-key.ts';
import { createTestDatabase, type TestDatabase } from './platform/testkit/database.ts';
import { sealedColumns } from './wiring/sealed.ts';

const oldKey = 'the key of before, of 32 characters or more';
const newKey = 'the key of today, of 32 characters or more';
let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db?.close());

describe('sealedColumns', () => {
  test('has every column of the schema whose name says that it is sealed', async () => {
    const { rows } = await sql<{ name: string }>`
      select table_name || '.' || column_name as name
      from information_schema.columns
      where table_schema = 'public'
        and column_name like '%sealed%'
    `.execute(db.database);
    const known = new Set(sealedColumns.map(({ table, column }) => `${table}.${column}`));
    expect(rows.length).toBeGreaterThan(10);
    expect(rows.map(({ name }) => name).filter((name) => !known.has(name))).toEqual([]);
  });

  test('names keys and columns that there are', async () => {
    const sealer = createSealer(newKey);
    for (const column of sealedColumns) {
      expect(await countOthers(db.database, sealer, column)).toBe(0);
      expect(await resealColumn(db.database, sealer, column)).toEqual({
        resealed: 0,
        unreadable: 0,
      });
    }
  });
});

describe('resealColumn', () => {
  const column = (holds: SealedColumn['holds']): SealedColumn => ({
    table: 'sealed_things',
    key: 'id',
    column: holds === 'text' ? 'one' : 'many',
    holds,
    purpose: (id, name) => `thing:${id}:${name}`,
  });
  const old = createSealer(oldKey);
  const rotated = createSealer(newKey, { beside: [oldKey] });

  beforeAll(async () => {
    await sql`create table sealed_things (id text primary key, one text, many jsonb)`.execute(
      db.database,
    );
  });

  async function fill(rows: readonly { id: string; one?: string; many?: unknown }[]) {
    await sql`truncate sealed_things`.execute(db.database);
    for (const { id, one, many } of rows) {
      await sql`
        insert into sealed_things (id, one, many)
        values (${id}, ${one ?? null}, ${many === undefined ? null : JSON.stringify(many)}::jsonb)
      `.execute(db.database);
    }
  }
  async function stored(id: string) {
    const { rows } = await sql<{ one: string; many: never }>`
      select one, many from sealed_things where id = ${id}
    `.execute(db.database);
    return rows[0] ?? { one: '', many: undefined as never };
  }

  test('seals texts anew, more than fit in a batch, and only once', async () => {
    const rows = Array.from({ length: 450 }, (_, index) => ({
      id: `thing_${index}`,
      one: old.seal(`secret ${index}`, `thing:thing_${index}:`),
    }));
    await fill(rows);
    expect(await countOthers(db.database, rotated, column('text'))).toBe(450);
    expect(await resealColumn(db.database, rotated, column('text'))).toEqual({
      resealed: 450,
      unreadable: 0,
    });
    expect(await countOthers(db.database, rotated, column('text'))).toBe(0);
    expect(await resealColumn(db.database, rotated, column('text'))).toMatchObject({ resealed: 0 });
    const { one } = await stored('thing_449');
    expect(createSealer(newKey).open(one, 'thing:thing_449:')).toBe('secret 449');
  });

  test('seals the texts of a map and of a list anew, and keeps what is beside them', async () => {
    await fill([
      { id: 'map', many: { a: old.seal('A', 'thing:map:a'), b: rotated.seal('B', 'x') } },
    ]);
    expect(await resealColumn(db.database, rotated, column('map'))).toMatchObject({ resealed: 1 });
    const map = (await stored('map')).many as Record<string, string>;
    expect(createSealer(newKey).open(map.a ?? '', 'thing:map:a')).toBe('A');

    await fill([{ id: 'list', many: [{ id: 1, sealed: old.seal('C', 'thing:list:') }] }]);
    expect(await resealColumn(db.database, rotated, column('list'))).toMatchObject({ resealed: 1 });
    const [item] = (await stored('list')).many as { id: number; sealed: string }[];
    expect(item?.id).toBe(1);
    expect(createSealer(newKey).open(item?.sealed ?? '', 'thing:list:')).toBe('C');
  });

  test('leaves what no key opens, and counts it', async () => {
    const strange = createSealer('a third key, of 32 characters or more..').seal('?', 'thing:x:');
    await fill([
      { id: 'x', one: strange },
      { id: 'y', one: old.seal('Y', 'thing:y:') },
    ]);
    expect(await resealColumn(db.database, rotated, column('text'))).toEqual({
      resealed: 1,
      unreadable: 1,
    });
    expect((await stored('x')).one).toBe(strange);
    expect(sealedUnder((await stored('y')).one)).toBe(rotated.keyId);
  });
});

describe('openSealer', () => {
  const open = (key: string, previous = '') =>
    openSealer(
      readConfig({ SLUICE_SECRET_KEY: key, SLUICE_SECRET_KEY_PREVIOUS: previous }),
      db.database,
    );

  test('keeps what is derived over a change of key, and refuses a key that is not the database’s', async () => {
    await expect(open(newKey, oldKey)).rejects.toThrow(
      /start once with its SLUICE_SECRET_KEY alone/,
    );
    const before = await open(oldKey);
    await expect(open(newKey)).rejects.toThrow(/is not the key of this database/);

    const between = await open(newKey, oldKey);
    expect(between.derive('audit')).toEqual(before.derive('audit'));
    // A server that was not changed yet works on beside it.
    expect((await open(oldKey, newKey)).open(between.seal('x', 'y'), 'y')).toBe('x');

    for (const column of sealedColumns) await resealColumn(db.database, between, column);
    const after = await open(newKey);
    expect(after.derive('audit')).toEqual(before.derive('audit'));
    await expect(open(oldKey)).rejects.toThrow(/is not the key of this database/);
  });
});
