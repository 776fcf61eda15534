/** Exports are streamed, safe to open, and verify without the database. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { inTransaction } from '../../platform/context.ts';
import { testContext } from '../../platform/testkit/platform.ts';
import { erasePersonOfAudit, verifyAuditFile } from './index.ts';
import { type AuditExport, exportAuditLogs } from './operations/export-audit-logs.ts';
import { noPeople, openTestLog, type TestLog } from './testing/log.ts';

let log: TestLog;
const folder = mkdtempSync(join(tmpdir(), 'sluice-export-'));

beforeAll(async () => {
  log = await openTestLog();
});
afterAll(async () => {
  await log.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => log.tamper('truncate audit_entries, audit_heads'));

const ada = { kind: 'user', id: 'usr_ada', ip: '203.0.113.7', userAgent: 'Firefox' } as const;

async function textOf(wanted: Partial<AuditExport>): Promise<string> {
  const context = testContext(log.platform);
  const chunks = await exportAuditLogs(context, noPeople, {
    question: {},
    format: 'jsonl',
    organizationId: undefined,
    ...wanted,
  });
  let text = '';
  for await (const chunk of chunks) text += chunk;
  return text;
}

async function verify(text: string) {
  const path = join(folder, 'export.jsonl');
  writeFileSync(path, text);
  const { problems, ...report } = await verifyAuditFile(log.platform, path);
  return { ...report, kinds: problems.map(({ kind }) => kind) };
}

const ofOrgA = { question: { organizationId: 'org_a' }, organizationId: 'org_a' };

describe('exportAuditLogs as JSONL', () => {
  test('verifies without the database, of one organization and of all', async () => {
    await log.recordMany('org_a', 450);
    await log.recordMany('org_b', 3);
    const one = await verify(await textOf(ofOrgA));
    expect(one).toEqual({ entries: 451, chains: 1, whole: true, kinds: [] });
    const all = await verify(await textOf({}));
    expect(all).toEqual({ entries: 455, chains: 3, whole: true, kinds: [] });
  });

  test('verifies with entries of the first version, and with erased parts', async () => {
    await log.recordAs(ada, 'org_a', 'one');
    await log.recordMany('org_a', 2);
    await log.makeFirstVersion('org_a');
    const context = testContext(log.platform);
    await inTransaction(context, (transaction) =>
      erasePersonOfAudit(context, transaction, 'usr_ada'),
    );
    expect((await verify(await textOf(ofOrgA))).kinds).toEqual([]);
  });

  test('of a selection is verified entry by entry', async () => {
    await log.recordMany('org_a', 300);
    await log.recordAs(ada, 'org_a', 'rare');
    const text = await textOf({
      ...ofOrgA,
      question: { organizationId: 'org_a', actor: 'system' },
    });
    expect(await verify(text)).toEqual({ entries: 301, chains: 1, whole: false, kinds: [] });
  });

  test.each([
    [
      'an edited value',
      (lines: string[]) => lines.map((line) => line.replace('"index":2', '"index":7')),
    ],
    [
      'an edited actor',
      (lines: string[]) => lines.map((line) => line.replace('"system"', '"user"')),
    ],
    ['a removed line', (lines: string[]) => lines.filter((_line, index) => index !== 2)],
    ['the first line removed', (lines: string[]) => lines.slice(1)],
    ['two lines in the other order', ([a, b, ...rest]: string[]) => [b ?? '', a ?? '', ...rest]],
    ['the end cut off', (lines: string[]) => lines.slice(0, 3)],
    ['only the last line cut off', (lines: string[]) => lines.slice(0, -1)],
    ['the head cut out', (lines: string[]) => lines.filter((line) => !line.startsWith('{"head"'))],
    ['a line twice', ([a, ...rest]: string[]) => [a ?? '', a ?? '', ...rest]],
    ['garbage', (lines: string[]) => ['{"id":', ...lines]],
    ['a line behind the end', (lines: string[]) => [...lines, lines[0] ?? '']],
    ['the whole chain cut out', (lines: string[]) => lines.slice(-1)],
    ['nothing left', () => []],
  ])('shows %s', async (_what, change) => {
    await log.recordMany('org_a', 5);
    for (const question of [
      { organizationId: 'org_a' },
      { organizationId: 'org_a', actor: 'system' },
    ]) {
      const lines = (await textOf({ ...ofOrgA, question })).trimEnd().split('\n');
      expect((await verify(`${lines.join('\n')}\n`)).kinds).toEqual([]);
      const changed = change(lines);
      if (changed.join('\n') === lines.join('\n')) continue;
      expect((await verify(`${changed.join('\n')}\n`)).kinds).not.toEqual([]);
    }
  });

  test('is itself recorded, with what was asked for', async () => {
    await log.recordMany('org_a', 1);
    await textOf({ ...ofOrgA, question: { organizationId: 'org_a', action: 'thing' } });
    const [entry] = await log.list({ organizationId: 'org_a', action: 'audit.export' });
    expect(entry?.newValues).toEqual({ format: 'jsonl', action: 'thing' });
  });

  test('reads no more than what was taken', async () => {
    await log.recordMany('org_a', 650);
    const context = testContext(log.platform);
    const wanted = { ...ofOrgA, format: 'csv' } as const;
    const chunks = (await exportAuditLogs(context, noPeople, wanted))[Symbol.asyncIterator]();
    await chunks.next();
    const first = await chunks.next();
    expect(String(first.value).split('\r\n').length - 1).toBe(200);
    // What is removed before it is read is not in the rest: it was not in memory.
    await log.tamper("delete from audit_entries where resource_id = 'thing_1'");
    let rest = '';
    for (let next = await chunks.next(); !next.done; next = await chunks.next()) rest += next.value;
    expect(rest).toContain('thing_2,');
    expect(rest).not.toContain('thing_1,');
  });
});

describe('exportAuditLogs as CSV', () => {
  test('has a line for each entry, newest first', async () => {
    await log.recordAs(ada, 'org_a', 'one', { newValues: { note: 'a "quoted", text' } });
    log.platform.clocks.advance('PT1S');
    await log.record('org_a', '=HYPERLINK("https://evil.example")');
    const lines = (await textOf({ ...ofOrgA, format: 'csv' })).split('\r\n');
    expect(lines[0]).toMatch(/^id,time,organization,actor_kind,actor,action/);
    expect(lines.find((line) => line.includes('HYPERLINK'))).toContain(
      `"'=HYPERLINK(""https://evil.example"")"`,
    );
    expect(lines.find((line) => line.includes('usr_ada'))).toContain(
      '"{""note"":""a \\""quoted\\"", text""}"',
    );
  });
});
