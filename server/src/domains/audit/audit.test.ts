/** The log is written with the change it records, in one unbroken chain. */
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { inTransaction } from '../../platform/context.ts';
import { testContext } from '../../platform/testkit/platform.ts';
import { recordAudit, verifyAudit } from './index.ts';
import { openTestLog, type TestLog } from './testing/log.ts';

let log: TestLog;
let platform: TestLog['platform'];

beforeAll(async () => {
  log = await openTestLog();
  platform = log.platform;
});
afterAll(() => log.close());
beforeEach(() => log.tamper('truncate audit_entries, audit_heads'));

const whole = (chains: number, entries: number) => ({
  chains,
  entries,
  months: 0,
  anchors: 0,
  problems: [],
});

describe('recordAudit', () => {
  test('is undone with the change that it records', async () => {
    const context = testContext(platform);
    const failing = inTransaction(context, async (transaction) => {
      await recordAudit(context, transaction, {
        organizationId: 'org_a',
        action: 'thing.change',
        resource: { kind: 'thing', id: 'one' },
      });
      throw new Error('undone');
    });
    await expect(failing).rejects.toThrow('undone');
    expect(await log.list({ organizationId: 'org_a', limit: 10 })).toEqual([]);
  });

  test('writes several entries of one transaction, into several chains', async () => {
    const context = testContext(platform);
    await inTransaction(context, async (transaction) => {
      for (const organizationId of ['org_b', null, 'org_a', 'org_b']) {
        await recordAudit(context, transaction, {
          organizationId,
          action: 'thing.change',
          resource: { kind: 'thing', id: 'one' },
        });
      }
    });
    expect(await verifyAudit(platform)).toEqual(whole(3, 4));
  });

  test('writes at once in a transaction that has no end of its own', async () => {
    const context = testContext(platform);
    await log.db.database.transaction().execute((transaction) =>
      recordAudit(context, transaction, {
        organizationId: 'org_a',
        action: 'thing.change',
        resource: { kind: 'thing', id: 'one' },
      }),
    );
    expect(await verifyAudit(platform)).toEqual(whole(1, 1));
  });

  test('keeps one unbroken chain under 50 writers at once', async () => {
    await Promise.all(
      Array.from({ length: 50 }, (_, index) => log.record('org_busy', `thing_${index}`)),
    );
    expect(await verifyAudit(platform)).toEqual(whole(1, 50));
    const { rows } = await sql<{ position: bigint }>`
      select position
      from audit_entries
      order by position
    `.execute(log.db.database);
    expect(rows.map((row) => Number(row.position))).toEqual(
      Array.from({ length: 50 }, (_, index) => index + 1),
    );
  });

  test('takes the head of a chain at the end only, whenever it was called', async () => {
    const context = testContext(platform);
    const recorded = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    const slow = inTransaction(context, async (transaction) => {
      await recordAudit(context, transaction, {
        organizationId: 'org_a',
        action: 'thing.change',
        resource: { kind: 'thing', id: 'slow' },
      });
      recorded.resolve();
      await release.promise;
    });
    await recorded.promise;
    await log.record('org_a', 'quick');
    release.resolve();
    await slow;
    const entries = await log.list({ organizationId: 'org_a', limit: 10 });
    const positions = new Map(entries.map((entry) => [entry.resourceId, entry.position]));
    expect(positions).toEqual(
      new Map([
        ['quick', 1n],
        ['slow', 2n],
      ]),
    );
  });

  test('never waits for another writer of the same chains in the other order', async () => {
    const context = testContext(platform);
    const both = (first: string | null, second: string | null) =>
      inTransaction(context, async (transaction) => {
        for (const organizationId of [first, second]) {
          await recordAudit(context, transaction, {
            organizationId,
            action: 'thing.change',
            resource: { kind: 'thing', id: 'one' },
          });
        }
      });
    const writers = Array.from({ length: 20 }, (_, index) =>
      index % 2 === 0 ? both('org_a', null) : both(null, 'org_a'),
    );
    await Promise.all(writers);
    expect(await verifyAudit(platform)).toEqual(whole(2, 40));
  });

  test('masks secrets by their names, however deep', async () => {
    await log.record('org_a', 'one', {
      newValues: {
        name: 'primary',
        api_key: 'sk-live',
        settings: { pid: '1001', key: 'md5-secret', nested: [{ clientSecret: 'x', note: null }] },
        is_password: true,
      },
    });
    const [entry] = await log.list({ organizationId: 'org_a', limit: 1 });
    expect(entry?.newValues).toEqual({
      name: 'primary',
      api_key: '[masked]',
      settings: {
        pid: '1001',
        key: '[masked]',
        nested: [{ clientSecret: '[masked]', note: null }],
      },
      is_password: true,
    });
  });

  test('takes amounts, instants and text that the database could not hold', async () => {
    await log.record('org_a', 'one', {
      newValues: {
        amount: 12_345_678_901_234_567_890n,
        at: new Date('2026-01-31T08:00:00Z'),
        text: 'nul \u0000 and half a pair \ud800',
        missing: undefined,
        ratio: 0.1,
        infinite: Number.POSITIVE_INFINITY,
      },
    });
    const [entry] = await log.list({ organizationId: 'org_a', limit: 1 });
    expect(entry?.newValues).toEqual({
      amount: '12345678901234567890',
      at: '2026-01-31T08:00:00.000Z',
      text: 'nul \ufffd and half a pair \ufffd',
      ratio: 0.1,
      infinite: 'Infinity',
    });
    expect(await log.problemKinds()).toEqual([]);
  });
});

describe('the tables', () => {
  test.each([
    'update audit_entries set action = $$x$$',
    'delete from audit_entries',
    'truncate audit_entries',
    'delete from audit_heads',
    'truncate audit_heads',
    'update audit_entries set ip = $$10.0.0.1$$',
    'update audit_entries set hash = $$x$$, ip = null',
    'update audit_entries set origin_digest = $$x$$',
  ])('refuse: %s', async (statement) => {
    await log.record('org_a', 'one');
    await expect(sql.raw(statement).execute(log.db.database)).rejects.toThrow('append-only');
  });
});
