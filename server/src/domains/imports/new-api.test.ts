/** new-api in PostgreSQL; what differs while both run is told, and only told. */
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { atPar, compareKept, type OldInstallation, openOneApi, runImport } from './index.ts';
import { compareWatched } from './operations/compare-watched.ts';
import { type ImportsFixture, startImports } from './testing/imports-fixture.ts';
import { makePostgres, type OldDatabase } from './testing/old-database.ts';
import { fillOldOneApi, oldNow, totalsOf, unitsPerDollar } from './testing/old-one-api.ts';

const nanosPerUnit = 1_000_000_000n / BigInt(unitsPerDollar);
const typical = { kind: 'new-api', users: 25, tokensPerUser: 2, logsPerUser: 20 } as const;

let fixture: ImportsFixture;
let there: TestDatabase;
let old: OldDatabase;
beforeAll(async () => {
  fixture = await startImports();
  there = await createTestDatabase({ migrated: false });
  old = makePostgres(there.url);
  await fillOldOneApi(old, typical);
}, 60_000);
afterAll(async () => {
  await old.close();
  await there.close();
  await fixture.close();
});

async function withOld<T>(work: (installation: OldInstallation) => Promise<T>): Promise<T> {
  const options = { kind: 'new-api', database: there.url, rate: atPar, timeZone: 'UTC' } as const;
  const installation = await openOneApi(options);
  try {
    return await work(installation);
  } finally {
    await installation.close();
  }
}

const importFrom = (installation: OldInstallation) =>
  runImport(fixture.context, installation, {
    ...{ name: 'old', applies: true, watchAt: JSON.stringify({ database: there.url }) },
  });
const importNow = () => withOld(importFrom);

describe('openOneApi', () => {
  test('says which command a database is for, and what to do with MySQL', async () => {
    const options = { kind: 'one-api', rate: atPar, timeZone: 'UTC' } as const;
    await expect(openOneApi({ ...options, database: there.url })).rejects.toThrow(
      'use "sluice import new-api"',
    );
    await expect(
      openOneApi({ ...options, database: 'root:123@tcp(localhost:3306)/oneapi' }),
    ).rejects.toThrow('pgloader');
    await expect(openOneApi({ ...options, database: '/nowhere/one-api.db' })).rejects.toThrow(
      'There is no file /nowhere/one-api.db',
    );
  });
});

describe('compareKept', () => {
  test('finds nothing right after an import, whose figures are equal', async () => {
    const totals = totalsOf(typical);
    const report = await importNow();
    expect(report).toMatchObject({
      accounts: { moved: totals.users },
      keys: { moved: totals.tokens },
      balanceMoved: totals.quota * nanosPerUnit,
      usageCalls: totals.calls,
    });
    const comparison = await compareKept(fixture.context, 'old');
    expect(comparison.differences).toEqual([]);
    for (const { there: one, moved } of comparison.figures) expect(one).toBe(moved);
  });

  test('of two imports at once, the second is told that the first runs', async () => {
    let second: unknown;
    await withOld((installation) =>
      importFrom({
        ...installation,
        async count() {
          second ??= await importNow().catch((error) => error);
          return installation.count();
        },
      }),
    );
    expect(second).toMatchObject({ code: 'conflict' });
    expect(await fixture.figures()).toMatchObject({ transfers: BigInt(typical.users) });
  });

  test('tells what was spent, changed, added and removed there since, and changes nothing', async () => {
    await old.run('update users set quota = quota - 250000 where id = 3');
    await old.run(`update tokens set name = 'renamed', model_limits_enabled = true where id = 5`);
    await old.run('delete from tokens where id = 6');
    await old.run(
      `insert into users (id, username, password, email) values (900, 'late', 'x', 'late@old.example.com')`,
    );
    const before = await fixture.figures();
    await compareWatched(fixture.context);
    const { rows } = await sql<{ differences: number; report: { differences: object[] } }>`
      select differences, report from imports_comparisons order by compared_at desc limit 1
    `.execute(fixture.platform.database);
    const texts = rows[0]?.report.differences as { kind: string; id: string; text: string }[];
    expect(texts.map(({ kind, id }) => `${kind} ${id}`)).toEqual([
      ...['balance 3', 'account 900', 'key 5', 'key 6'],
    ]);
    expect(texts[0]?.text).toContain('0.50 spent there since');
    expect(await fixture.figures()).toEqual(before);
  });

  test('a later import takes what is new: usage of the last day, and keys as they are now', async () => {
    await old.run(`
      insert into logs (id, user_id, created_at, type, token_id, model_name, quota, prompt_tokens, completion_tokens)
      values (9001, 3, ${oldNow + 60}, 2, 3, 'gpt-4o', 77, 10, 1)
    `);
    const report = await importNow();
    expect(report).toMatchObject({ accounts: { moved: 1 }, keys: { changed: 1, moved: 0 } });
    const { rows } = await sql`
      select sum(calls) as calls from imports_usage_days
    `.execute(fixture.platform.database);
    expect(rows).toEqual([{ calls: String(typical.users * typical.logsPerUser + 1) }]);
    expect(await fixture.walletOf('user3@old.example.com')).toBe(3n * 123_457n * nanosPerUnit);
  });
});
