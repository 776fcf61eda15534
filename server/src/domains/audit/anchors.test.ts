/** What the database alone cannot tell, a file outside of it does: that a chain is gone, or that all is an older copy. */
import { appendFileSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fc, test as property } from '@fast-check/vitest';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { testContext } from '../../platform/testkit/platform.ts';
import { anchorFile, merkleRoot } from './core/anchor.ts';
import { anchorAudit } from './index.ts';
import { openTestLog, type TestLog } from './testing/log.ts';

let log: TestLog;

beforeAll(async () => {
  log = await openTestLog();
});
afterAll(() => log.close());
beforeEach(async () => {
  await log.tamper('truncate audit_entries, audit_heads, audit_anchors, audit_anchor_heads');
  writeFileSync(file(), '');
});

const file = () => join(log.outside, anchorFile);
const lines = () => readFileSync(file(), 'utf8').split('\n').slice(0, -1);
const anchor = () => anchorAudit(testContext(log.platform));
const verified = () => log.problemKinds({ outside: log.outside });

async function recordTwoChains(): Promise<void> {
  await log.recordMany('org_a', 3);
  await anchor();
  await log.recordMany('org_b', 3);
  await anchor();
}

describe('anchorAudit', () => {
  test('notes what has grown, once, in the database and in the file', async () => {
    expect(await anchor()).toBeUndefined();
    await recordTwoChains();
    const again = await anchor();
    expect(again).toMatchObject({ number: 2n, chains: 2n, entries: 6n });
    expect(lines()).toHaveLength(2);
    expect(JSON.parse(lines()[1] ?? '')).toMatchObject({ number: '2', seal: again?.seal });
    expect(await verified()).toEqual([]);
  });

  test('makes one line of each anchor when several processes are at it', async () => {
    await log.recordMany('org_a', 1);
    await Promise.all([anchor(), anchor(), anchor()]);
    expect(lines()).toHaveLength(1);
    expect(await verified()).toEqual([]);
  });

  test('writes what a process that ended left out, and cuts off what it tore', async () => {
    await recordTwoChains();
    const [first = ''] = lines();
    writeFileSync(file(), `${first}\n{"at":"2026`);
    expect(await verified()).toEqual(['anchor_file_edited']);
    await log.recordMany('org_c', 1);
    await anchor();
    expect(lines()).toHaveLength(3);
    expect(await verified()).toEqual([]);
  });

  test('begins the file anew where there is none, on another server too', async () => {
    await recordTwoChains();
    unlinkSync(file());
    expect(await verified()).toEqual(['anchor_file_missing']);
    await anchor();
    expect(lines()).toHaveLength(2);
    expect(await verified()).toEqual([]);
  });
});

describe('verifyAudit, of anchors', () => {
  const removed = [
    "delete from audit_entries where chain = 'org_b'",
    "delete from audit_heads where chain = 'org_b'",
  ];

  test('finds a whole chain that is gone with its head', async () => {
    await recordTwoChains();
    await log.tamper(...removed);
    expect(await log.problemKinds()).toEqual(['chain_removed']);
  });

  test('finds it also where every anchor that knew of it is gone', async () => {
    await recordTwoChains();
    await log.tamper(
      ...removed,
      'delete from audit_anchor_heads where anchor = 2',
      'delete from audit_anchors where number = 2',
    );
    expect(await log.problemKinds()).toEqual([]);
    expect(await verified()).toEqual(['anchor_removed']);
  });

  test('finds a database that was put back to an older copy, also once it went on', async () => {
    await log.recordMany('org_a', 2);
    await anchor();
    const tables = ['audit_entries', 'audit_heads', 'audit_anchors', 'audit_anchor_heads'];
    await log.tamper(
      ...tables.map((table) => `create table copy_${table} as select * from ${table}`),
    );
    await log.recordMany('org_a', 2);
    await anchor();
    await log.tamper(
      `truncate ${tables.join(', ')}`,
      ...tables.map((table) => `insert into ${table} select * from copy_${table}`),
      ...tables.map((table) => `drop table copy_${table}`),
    );
    expect(await log.problemKinds()).toEqual([]);
    expect(await verified()).toEqual(['anchor_removed']);
    await log.recordMany('org_a', 1);
    await anchor();
    expect(await verified()).toContain('anchor_removed');
  });

  test('finds a chain that was put back to an older copy of itself with its head', async () => {
    await log.recordMany('org_a', 2);
    await log.tamper('create table copy as select * from audit_heads');
    await log.recordMany('org_a', 2);
    await anchor();
    await log.tamper(
      'delete from audit_entries where position > 2',
      'delete from audit_heads',
      'insert into audit_heads select * from copy',
      'drop table copy',
    );
    expect(await log.problemKinds()).toContain('chain_replaced');
  });

  test.each([
    'update audit_anchors set number = 9 where number = 2',
    "update audit_anchors set at = at + interval '1 second' where number = 1",
    'update audit_anchors set chains = chains + 1 where number = 1',
    'update audit_anchors set entries = entries - 1 where number = 2',
    "update audit_anchors set root = 'forged' where number = 2",
    "update audit_anchors set previous = 'forged' where number = 2",
    "update audit_anchors set seal = 'forged' where number = 1",
    'delete from audit_anchors where number = 1',
    "update audit_anchor_heads set hash = 'forged' where anchor = 1",
    'update audit_anchor_heads set entries = entries - 1 where anchor = 1',
    "update audit_anchor_heads set chain = 'org_z' where anchor = 2",
    'delete from audit_anchor_heads where anchor = 1',
  ])('finds: %s', async (statement) => {
    await recordTwoChains();
    await log.tamper(
      'alter table audit_anchor_heads drop constraint audit_anchor_heads_anchor_fkey',
      statement,
    );
    expect(await log.problemKinds()).toContain('anchor_edited');
    await log.tamper(
      'truncate audit_anchors, audit_anchor_heads',
      `alter table audit_anchor_heads add constraint audit_anchor_heads_anchor_fkey
       foreign key (anchor) references audit_anchors (number)`,
    );
  });

  test.each<[string, () => void, string]>([
    [
      'an edited line',
      () =>
        writeFileSync(
          file(),
          readFileSync(file(), 'utf8').replace('"entries":"3"', '"entries":"2"'),
        ),
      'anchor_file_edited',
    ],
    [
      'a line of somebody else',
      () => appendFileSync(file(), '{"number":"3"}\n'),
      'anchor_file_edited',
    ],
    ['a file that is gone', () => unlinkSync(file()), 'anchor_file_missing'],
  ])('finds %s', async (_what, touch, kind) => {
    await recordTwoChains();
    touch();
    expect(await verified()).toEqual([kind]);
  });
});

describe('merkleRoot', () => {
  const head = fc.record({
    chain: fc.string({ minLength: 1, maxLength: 8 }),
    entries: fc.bigInt({ min: 1n, max: 1000n }),
    hash: fc.string({ maxLength: 8 }),
  });
  const heads = fc.uniqueArray(head, {
    selector: ({ chain }) => chain,
    minLength: 1,
    maxLength: 20,
  });

  property.prop([heads, fc.nat()])('depends on every head, and not on their order', (all, seed) => {
    const root = merkleRoot(all);
    expect(merkleRoot(all.toReversed())).toBe(root);
    const index = seed % all.length;
    const without = all.filter((_one, at) => at !== index);
    expect(merkleRoot(without)).not.toBe(root);
    const changed = all.map((one, at) =>
      at === index ? { ...one, entries: one.entries + 1n } : one,
    );
    expect(merkleRoot(changed)).not.toBe(root);
  });
});
