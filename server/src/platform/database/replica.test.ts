import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Log } from '../log.ts';
import { createTestDatabase, type TestDatabase } from '../testkit/database.ts';
import { openReplica, type Replica } from './replica.ts';

let primary: TestDatabase;
let copy: TestDatabase;
let said: string[];
let open: Replica[];
let now: Date;

beforeAll(async () => {
  [primary, copy] = await Promise.all([
    createTestDatabase({ migrated: false }),
    createTestDatabase({ migrated: false }),
  ]);
  for (const { database } of [primary, copy]) {
    await sql`create table numbers (value int not null)`.execute(database);
  }
});
afterAll(() => Promise.all([primary?.close(), copy?.close()]));
beforeEach(() => {
  said = [];
  open = [];
  now = new Date('2026-03-01T00:00:00Z');
});
afterEach(() => Promise.all(open.map((replica) => replica.close())));

function replicaAt(url: string | undefined): Replica {
  const say = (_about: object | string, text?: string) => said.push(text ?? String(_about));
  const log = { warn: say, info: say, error: say, debug: say } as unknown as Log;
  const replica = openReplica({
    primary: primary.database,
    url,
    lagMaxMs: 30_000,
    log,
    now: () => now,
  });
  open.push(replica);
  return replica;
}

const databaseOf = (replica: Replica) =>
  replica.read(async (transaction) => {
    const { rows } = await sql<{ name: string }>`select current_database() as name`.execute(
      transaction,
    );
    return rows[0]?.name;
  });
const nameIn = (url: string) => new URL(url).pathname.slice(1);

describe('read', () => {
  test('asks the primary where no replica is set up, and says nothing', async () => {
    expect(await databaseOf(replicaAt(undefined))).toBe(nameIn(primary.url));
    expect(said).toEqual([]);
  });

  test('asks the replica', async () => {
    expect(await databaseOf(replicaAt(copy.url))).toBe(nameIn(copy.url));
    expect(said).toEqual([]);
  });

  test.each(['primary', 'replica'])('cannot write, on the %s', async (where) => {
    const replica = replicaAt(where === 'replica' ? copy.url : undefined);
    const write = replica.read((transaction) =>
      sql`insert into numbers (value) values (1)`.execute(transaction),
    );
    await expect(write).rejects.toThrow(/read-only transaction/);
  });

  test('asks the primary when the replica does not answer, says so once, and looks again', async () => {
    const gone = new URL(copy.url);
    gone.pathname = '/gone';
    const replica = replicaAt(gone.href);
    expect(await databaseOf(replica)).toBe(nameIn(primary.url));
    now = new Date(now.getTime() + 60_000);
    expect(await databaseOf(replica)).toBe(nameIn(primary.url));
    expect(await replica.problem()).toContain('does not answer');
    expect(said).toEqual(['long reads go to the primary: the replica cannot be used']);
  });

  test('reads again from the primary when its connection to the replica is ended', async () => {
    const replica = replicaAt(copy.url);
    const names: string[] = [];
    await replica.read(async (transaction) => {
      const { rows } = await sql<{ name: string; pid: number }>`
        select current_database() as name, pg_backend_pid() as pid
      `.execute(transaction);
      const [row] = rows;
      names.push(row?.name ?? '');
      if (names.length === 1) {
        await sql`select pg_terminate_backend(${row?.pid})`.execute(primary.database);
      }
      await sql`select 1`.execute(transaction);
    });
    expect(names).toEqual([nameIn(copy.url), nameIn(primary.url)]);
  });

  test('keeps an error of the reader to itself', async () => {
    const replica = replicaAt(copy.url);
    let tries = 0;
    const failing = replica.read(async (transaction) => {
      tries += 1;
      await sql`select 1 / 0`.execute(transaction);
    });
    await expect(failing).rejects.toThrow(/division by zero/);
    expect(tries).toBe(1);
    expect(await replica.problem()).toBeUndefined();
  });
});

describe('choose', () => {
  test('answers one place for a whole export', async () => {
    const { rows } = await sql<{ name: string }>`select current_database() as name`.execute(
      await replicaAt(copy.url).choose(),
    );
    expect(rows).toEqual([{ name: nameIn(copy.url) }]);
  });
});
