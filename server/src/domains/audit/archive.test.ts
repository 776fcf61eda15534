/** Old months leave for files; what is in them verifies with the database, and every way to touch them is found. */
import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { inTransaction } from '../../platform/context.ts';
import { testContext } from '../../platform/testkit/platform.ts';
import { archiveAudit, ensureAuditPartitions, erasePersonOfAudit, verifyAudit } from './index.ts';
import { openTestLog, type TestLog } from './testing/log.ts';

let log: TestLog;
/** Each test writes months, files and manifests on a database of its own. */
vi.setConfig({ testTimeout: 60_000 });

beforeEach(async () => {
  log = await openTestLog();
});
afterEach(() => log.close());

const ada = {
  kind: 'user',
  id: 'usr_ada',
  ip: '203.0.113.7',
  userAgent: 'Firefox of Ada',
} as const;
const three = { retentionMonths: 3 };
const archive = () => archiveAudit(testContext(log.platform), three);
const verified = () => log.problemKinds({ outside: log.outside });
const files = () => readdirSync(log.outside).sort();

/** Entries from January to May; then it is August. */
async function recordMonths(options = { partitions: true }): Promise<void> {
  const { clocks, database } = log.platform;
  if (options.partitions) {
    await ensureAuditPartitions(database, new Date('2026-01-01'), new Date('2026-09-01'));
  }
  for (const month of ['01', '02', '03', '04', '05']) {
    clocks.set(`2026-${month}-15T12:00:00Z`);
    await log.recordAs(ada, 'org_a', `a_${month}`, { newValues: { month } });
    await log.record('org_a', `b_${month}`);
    await log.record(null, `c_${month}`);
  }
  await log.recordAs(ada, 'org_ada', 'usr_ada', {
    resource: { kind: 'user', id: 'usr_ada' },
    newValues: { email: 'ada@example.com' },
  });
  clocks.set('2026-08-02T12:00:00Z');
}

async function textOf(month: string): Promise<string> {
  return gunzipSync(readFileSync(join(log.outside, `${month}.jsonl.gz`))).toString('utf8');
}

async function rewrite(month: string, change: (lines: string[]) => string[]): Promise<void> {
  const lines = (await textOf(month)).trimEnd().split('\n');
  const text = `${change(lines).join('\n')}\n`;
  writeFileSync(join(log.outside, `${month}.jsonl.gz`), gzipSync(text));
}

describe('archiveAudit', () => {
  test('moves whole months that are old enough, oldest first, and everything still verifies', async () => {
    await recordMonths();
    const archived = await archive();
    expect(archived.map(({ month, entries }) => [month, entries])).toEqual([
      ['2026-01', 3],
      ['2026-02', 3],
      ['2026-03', 3],
      ['2026-04', 3],
    ]);
    expect((await log.search({ limit: 100 })).map(({ resourceId }) => resourceId).sort()).toEqual(
      ['2026-01', '2026-02', '2026-03', '2026-04', 'a_05', 'b_05', 'c_05', 'usr_ada'].sort(),
    );
    const report = await verifyAudit(log.platform, { outside: log.outside });
    expect(report).toMatchObject({ months: 4, entries: 20, problems: [] });
    expect(await log.problemKinds()).toEqual([]);
    expect((await textOf('2026-02')).trimEnd().split('\n')).toHaveLength(3);
  });

  test('works the same where entries have no month of their own, and with those of the first version', async () => {
    await recordMonths({ partitions: false });
    await log.makeFirstVersion('org_a');
    expect(await archive()).toHaveLength(4);
    expect(await verified()).toEqual([]);
    expect((await log.search({ action: 'thing', limit: 100 })).length).toBe(4);
  });

  test('does nothing a second time, and goes on a month later', async () => {
    await recordMonths();
    await archive();
    expect(await archive()).toEqual([]);
    log.platform.clocks.set('2026-09-02T12:00:00Z');
    expect((await archive()).map(({ month }) => month)).toEqual(['2026-05']);
    expect(await verified()).toEqual([]);
  });

  test('archives each month once when several processes are at it', async () => {
    await recordMonths();
    const all = await Promise.all([archive(), archive(), archive()]);
    expect(
      all
        .flat()
        .map(({ month }) => month)
        .sort(),
    ).toEqual(['2026-01', '2026-02', '2026-03', '2026-04']);
    expect(await verified()).toEqual([]);
    expect(files().filter((name) => name.includes('part'))).toEqual([]);
  });

  test('keeps what was committed behind an entry of a later month, until that one leaves too', async () => {
    await ensureAuditPartitions(log.db.database, new Date('2026-01-01'), new Date('2026-09-01'));
    const { clocks } = log.platform;
    for (const [at, id] of [
      ['2026-01-31T23:59:58Z', 'first'],
      ['2026-02-01T00:00:01Z', 'quick'],
      ['2026-01-31T23:59:59Z', 'slow'],
      ['2026-03-15T12:00:00Z', 'last'],
    ] as const) {
      clocks.set(at);
      await log.record('org_a', id);
    }
    clocks.set('2026-05-02T12:00:00Z');
    expect((await archive()).map(({ month, entries }) => [month, entries])).toEqual([
      ['2026-01', 1],
    ]);
    expect((await log.list({ organizationId: 'org_a' })).map((one) => one.resourceId)).toEqual([
      'last',
      'quick',
      'slow',
    ]);
    expect(await verified()).toEqual([]);
    clocks.set('2026-06-02T12:00:00Z');
    expect((await archive()).map(({ month, entries }) => [month, entries])).toEqual([
      ['2026-02', 2],
    ]);
    expect(await verified()).toEqual([]);
  });

  test('leaves the month where it was when it ends before the commit, and writes over what it left', async () => {
    await recordMonths();
    await sql`
      create function stop_here() returns trigger language plpgsql as $$ begin raise exception 'stopped'; end; $$
    `.execute(log.db.database);
    // Each table that the last transaction writes to, in its order; the head is behind all of them.
    for (const table of ['audit_archives', 'audit_starts', 'audit_person_keys', 'audit_heads']) {
      const trigger = `create trigger stop before insert or update on ${table} for each row execute function stop_here()`;
      await sql.raw(trigger).execute(log.db.database);
      await expect(archive(), table).rejects.toThrow('stopped');
      await sql.raw(`drop trigger stop on ${table}`).execute(log.db.database);
      expect(await verified(), table).toEqual([]);
      expect((await log.search({ action: 'thing', limit: 100 })).length, table).toBe(16);
      expect(files(), table).toEqual([]);
    }
    // Torn behind the renaming, before the commit.
    writeFileSync(join(log.outside, '2026-01.jsonl.gz'), 'half a file');
    writeFileSync(join(log.outside, '2026-01.manifest.json'), '{}');
    expect(await verified()).toEqual([]);
    expect(await archive()).toHaveLength(4);
    expect(await verified()).toEqual([]);
  });

  test('waits for nobody who waits for it: writers of every chain go on beside it', async () => {
    await recordMonths();
    const writers = Array.from({ length: 30 }, (_, index) =>
      log.record([null, 'org_a', 'org_ada'][index % 3] ?? null, `during_${index}`),
    );
    const [archived] = await Promise.all([archive(), ...writers]);
    expect(archived).toHaveLength(4);
    expect(await verified()).toEqual([]);
  });

  test('takes nothing from a month that changed after its file was written', async () => {
    await recordMonths();
    const erasing = testContext(log.platform);
    await Promise.all([
      archive(),
      inTransaction(erasing, (transaction) => erasePersonOfAudit(erasing, transaction, 'usr_ada')),
    ]);
    await archive();
    expect(await verified()).toEqual([]);
    for (const name of files().filter((one) => one.endsWith('.gz')))
      expect(gunzipSync(readFileSync(join(log.outside, name))).toString()).not.toContain('of Ada');
  });
});

describe('what an archive tells of a person', () => {
  const erase = async () => {
    const context = testContext(log.platform);
    await inTransaction(context, (transaction) =>
      erasePersonOfAudit(context, transaction, 'usr_ada'),
    );
  };

  test('is sealed with a key of theirs, and gone with it; the chain verifies before and after', async () => {
    await recordMonths();
    await archive();
    expect(await textOf('2026-01')).not.toContain('203.0.113.7');
    expect(await textOf('2026-01')).toContain('usr_ada');
    expect(await verified()).toEqual([]);
    await erase();
    const { rows } = await sql`select from audit_person_keys`.execute(log.db.database);
    expect(rows).toEqual([]);
    expect(await verified()).toEqual([]);
  });

  test('of the first version too', async () => {
    await recordMonths();
    await log.makeFirstVersion('org_a');
    await archive();
    expect(await textOf('2026-01')).not.toContain('203.0.113.7');
    expect(await verified()).toEqual([]);
    await erase();
    expect(await verified()).toEqual([]);
  });

  test('is missed where the key is gone and no entry says why', async () => {
    await recordMonths();
    await archive();
    await log.tamper('delete from audit_person_keys');
    expect(await verified()).toEqual(['part_missing']);
  });
});

describe('verifyAudit, of archives', () => {
  const month = '2026-02';
  const file = () => join(log.outside, `${month}.jsonl.gz`);
  const manifest = () => join(log.outside, `${month}.manifest.json`);
  const edit = (path: string, change: (text: string) => string) =>
    writeFileSync(path, change(readFileSync(path, 'utf8')));

  test.each<[string, string, () => unknown]>([
    [
      'a byte',
      'archive_edited',
      () => {
        const bytes = readFileSync(file());
        bytes[bytes.length - 12] = (bytes[bytes.length - 12] ?? 0) ^ 1;
        writeFileSync(file(), bytes);
      },
    ],
    [
      'a line',
      'edited',
      () =>
        rewrite(month, ([first = '', ...rest]) => [first.replace('"thing"', '"other"'), ...rest]),
    ],
    ['a removed line', 'removed', () => rewrite(month, ([_first, ...rest]) => rest)],
    ['the order', 'removed', () => rewrite(month, ([a = '', b = '', c = '']) => [a, c, b])],
    ['its tail', 'archive_edited', () => rewrite(month, (lines) => lines.slice(0, -1))],
    [
      'other packing of the same lines',
      'archive_edited',
      () => writeFileSync(file(), gzipSync(gunzipSync(readFileSync(file())), { level: 1 })),
    ],
    ['a file that is gone', 'archive_missing', () => unlinkSync(file())],
    [
      'a file of another month',
      'archive_edited',
      () => cpSync(join(log.outside, '2026-01.jsonl.gz'), file()),
    ],
    ['a manifest that is gone', 'archive_missing', () => unlinkSync(manifest())],
    [
      'a manifest',
      'manifest_edited',
      () => edit(manifest(), (text) => text.replace('"entries": 3', '"entries": 2')),
    ],
    [
      'a manifest of another month',
      'manifest_edited',
      () => cpSync(join(log.outside, '2026-01.manifest.json'), manifest()),
    ],
    [
      'the note of a month',
      'manifest_edited',
      () =>
        log.tamper(
          `update audit_archives set manifest = manifest || '{"entries": 2}' where month = '${month}'`,
        ),
    ],
    [
      'the note of a month that is gone',
      'manifest_edited',
      () => log.tamper(`delete from audit_archives where month = '${month}'`),
    ],
    [
      'the last note that is gone',
      'manifest_edited',
      () => log.tamper("delete from audit_archives where month = '2026-04'"),
    ],
    [
      'where a chain goes on',
      'start_edited',
      () => log.tamper("update audit_starts set position = position - 1 where chain = 'org_a'"),
    ],
    [
      'where a chain goes on, gone',
      'start_edited',
      () => log.tamper("delete from audit_starts where chain = 'org_a'"),
    ],
    [
      'its seal',
      'start_edited',
      () => log.tamper("update audit_starts set seal = 'x' where chain = 'org_a'"),
    ],
    [
      'the first entry behind the archive, gone',
      'removed',
      () => log.tamper("delete from audit_entries where resource_id = 'a_05'"),
    ],
  ])('finds %s', async (_what, kind, touch) => {
    await recordMonths();
    await archive();
    expect(await verified()).toEqual([]);
    await touch();
    expect(await verified()).toContain(kind);
  });

  test('finds it in the database alone where the files are kept elsewhere', async () => {
    await recordMonths();
    await archive();
    const elsewhere = mkdtempSync(join(tmpdir(), 'sluice-elsewhere-'));
    cpSync(log.outside, elsewhere, { recursive: true });
    rmSync(join(log.outside, '2026-01.jsonl.gz'));
    expect(await log.problemKinds()).toEqual([]);
    expect(await log.problemKinds({ outside: elsewhere })).toEqual([]);
    await log.tamper("delete from audit_entries where resource_id = 'a_05'");
    expect(await log.problemKinds()).toEqual(['removed']);
    rmSync(elsewhere, { recursive: true });
  });
});
