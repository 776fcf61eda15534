/** The log is written with the change it records, in one unbroken chain, and every way to tamper with it is found. */
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { inTransaction } from '../../platform/context.ts';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { type TestPlatform, testContext, testPlatform } from '../../platform/testkit/platform.ts';
import { recordAudit, verifyAudit } from './index.ts';
import { listAuditLogs, searchAuditLogs } from './operations/list-audit-logs.ts';

let db: TestDatabase;
let platform: TestPlatform;

beforeAll(async () => {
  db = await createTestDatabase();
  platform = testPlatform(db);
});
afterAll(() => db.close());
beforeEach(() =>
  tamper(async () => {
    await sql`truncate audit_entries, audit_heads`.execute(db.database);
  }),
);

/** What somebody with all rights on the database can do. */
async function tamper(work: () => Promise<unknown>): Promise<void> {
  for (const table of ['audit_entries', 'audit_heads']) {
    await sql`alter table ${sql.table(table)} disable trigger user`.execute(db.database);
  }
  await work();
  for (const table of ['audit_entries', 'audit_heads']) {
    await sql`alter table ${sql.table(table)} enable trigger user`.execute(db.database);
  }
}

async function record(
  organizationId: string | null,
  id: string,
  newValues?: Record<string, unknown>,
): Promise<void> {
  const context = testContext(platform);
  await inTransaction(context, (transaction) =>
    recordAudit(context, transaction, {
      organizationId,
      action: 'thing.change',
      resource: { kind: 'thing', id },
      newValues,
    }),
  );
}

async function recordMany(organizationId: string, count: number): Promise<void> {
  for (let index = 1; index <= count; index += 1) {
    await record(organizationId, `thing_${index}`, { index });
  }
}

async function problemKinds(): Promise<string[]> {
  const { problems } = await verifyAudit(platform);
  return problems.map((problem) => problem.kind);
}

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
    expect(await listAuditLogs(db.database, { organizationId: 'org_a', limit: 10 })).toEqual([]);
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
    expect(await verifyAudit(platform)).toEqual({ chains: 3, entries: 4, problems: [] });
  });

  test('writes at once in a transaction that has no end of its own', async () => {
    const context = testContext(platform);
    await db.database.transaction().execute((transaction) =>
      recordAudit(context, transaction, {
        organizationId: 'org_a',
        action: 'thing.change',
        resource: { kind: 'thing', id: 'one' },
      }),
    );
    expect(await verifyAudit(platform)).toEqual({ chains: 1, entries: 1, problems: [] });
  });

  test('keeps one unbroken chain under 50 writers at once', async () => {
    await Promise.all(
      Array.from({ length: 50 }, (_, index) => record('org_busy', `thing_${index}`)),
    );
    expect(await verifyAudit(platform)).toEqual({ chains: 1, entries: 50, problems: [] });
    const { rows } = await sql<{ position: bigint }>`
      select position
      from audit_entries
      order by position
    `.execute(db.database);
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
    await record('org_a', 'quick');
    release.resolve();
    await slow;
    const entries = await listAuditLogs(db.database, { organizationId: 'org_a', limit: 10 });
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
    expect(await verifyAudit(platform)).toEqual({ chains: 2, entries: 40, problems: [] });
  });

  test('masks secrets by their names, however deep', async () => {
    await record('org_a', 'one', {
      name: 'primary',
      api_key: 'sk-live',
      settings: { pid: '1001', key: 'md5-secret', nested: [{ clientSecret: 'x', note: null }] },
      is_password: true,
    });
    const [entry] = await listAuditLogs(db.database, { organizationId: 'org_a', limit: 1 });
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
    await record('org_a', 'one', {
      amount: 12_345_678_901_234_567_890n,
      at: new Date('2026-01-31T08:00:00Z'),
      text: 'nul \u0000 and half a pair \ud800',
      missing: undefined,
      ratio: 0.1,
      infinite: Number.POSITIVE_INFINITY,
    });
    const [entry] = await listAuditLogs(db.database, { organizationId: 'org_a', limit: 1 });
    expect(entry?.newValues).toEqual({
      amount: '12345678901234567890',
      at: '2026-01-31T08:00:00.000Z',
      text: 'nul \ufffd and half a pair \ufffd',
      ratio: 0.1,
      infinite: 'Infinity',
    });
    expect(await problemKinds()).toEqual([]);
  });
});

describe('the tables', () => {
  test.each([
    'update audit_entries set action = $$x$$',
    'delete from audit_entries',
    'truncate audit_entries',
    'delete from audit_heads',
    'truncate audit_heads',
  ])('refuse: %s', async (statement) => {
    await record('org_a', 'one');
    await expect(sql.raw(statement).execute(db.database)).rejects.toThrow('append-only');
  });
});

describe('verifyAudit', () => {
  test('finds nothing wrong with what was only written to', async () => {
    await recordMany('org_a', 3);
    await record(null, 'thing_of_the_deployment');
    expect(await verifyAudit(platform)).toEqual({ chains: 2, entries: 4, problems: [] });
  });

  test('finds an edited row, and names it', async () => {
    await recordMany('org_a', 3);
    await tamper(() =>
      sql`update audit_entries set new_values = '{"index": 7}' where position = 2`.execute(
        db.database,
      ),
    );
    const { problems } = await verifyAudit(platform);
    expect(problems).toEqual([
      expect.objectContaining({ chain: 'org_a', kind: 'edited', position: 2n }),
    ]);
  });

  test.each([
    "actor_id = 'usr_other'",
    "created_at = created_at - interval '1 day'",
    "resource_id = 'another'",
    "ip = '10.0.0.1'",
    "request_id = 'req_other'",
  ])('finds a row with another %s', async (assignment) => {
    await recordMany('org_a', 2);
    await tamper(() =>
      sql.raw(`update audit_entries set ${assignment} where position = 1`).execute(db.database),
    );
    expect(await problemKinds()).toEqual(['edited']);
  });

  test('finds a removed row', async () => {
    await recordMany('org_a', 4);
    await tamper(() => sql`delete from audit_entries where position = 2`.execute(db.database));
    expect(await problemKinds()).toEqual(['removed']);
  });

  test('finds a removed row also where the rest was renumbered', async () => {
    await recordMany('org_a', 4);
    await tamper(async () => {
      await sql`delete from audit_entries where position = 2`.execute(db.database);
      for (const position of [3, 4]) {
        await sql`update audit_entries set position = position - 1 where position = ${position}`.execute(
          db.database,
        );
      }
      await sql`update audit_heads set entries = 3`.execute(db.database);
    });
    expect(await problemKinds()).toEqual(['edited', 'edited', 'head_edited']);
  });

  test('finds two rows that changed places', async () => {
    await recordMany('org_a', 3);
    await tamper(async () => {
      await sql`update audit_entries set position = 99 where position = 1`.execute(db.database);
      await sql`update audit_entries set position = 1 where position = 2`.execute(db.database);
      await sql`update audit_entries set position = 2 where position = 99`.execute(db.database);
    });
    const kinds = await problemKinds();
    expect(kinds.length).toBeGreaterThan(0);
    expect(new Set(kinds)).toEqual(new Set(['edited', 'reordered']));
  });

  test('finds rows that were cut off at the end', async () => {
    await recordMany('org_a', 4);
    await tamper(() => sql`delete from audit_entries where position > 2`.execute(db.database));
    expect(await problemKinds()).toEqual(['truncated']);
  });

  test('finds a cut that the head was made to agree with', async () => {
    await recordMany('org_a', 4);
    await tamper(async () => {
      await sql`delete from audit_entries where position > 2`.execute(db.database);
      await sql`
        update audit_heads
        set entries = 2, hash = (select hash from audit_entries where position = 2)
      `.execute(db.database);
    });
    expect(await problemKinds()).toEqual(['head_edited']);
  });

  test('finds a chain whose rows are all gone, and one whose head is', async () => {
    await recordMany('org_a', 2);
    await recordMany('org_b', 2);
    await tamper(async () => {
      await sql`delete from audit_entries where chain = 'org_a'`.execute(db.database);
      await sql`delete from audit_heads where chain = 'org_b'`.execute(db.database);
    });
    expect(await problemKinds()).toEqual(['truncated', 'head_edited']);
  });

  test('finds a row that was put behind the head', async () => {
    await recordMany('org_a', 2);
    await tamper(() =>
      sql`
        insert into audit_entries
          (id, chain, position, organization_id, actor_kind, action, resource_kind, resource_id, request_id,
           created_at, previous_hash, hash)
        select 'aud_forged', chain, 3, organization_id, actor_kind, action, resource_kind, resource_id, request_id,
          created_at, hash, 'forged'
        from audit_entries
        where position = 2
      `.execute(db.database),
    );
    expect(await problemKinds()).toEqual(['edited', 'added']);
  });

  test('walks chains that are longer than one batch', async () => {
    const context = testContext(platform);
    await inTransaction(context, async (transaction) => {
      for (let index = 0; index < 1001; index += 1) {
        await recordAudit(context, transaction, {
          organizationId: 'org_long',
          action: 'thing.change',
          resource: { kind: 'thing', id: `thing_${index}` },
        });
      }
    });
    expect(await verifyAudit(platform)).toEqual({ chains: 1, entries: 1001, problems: [] });
  });
});

describe('listAuditLogs', () => {
  test('answers the entries of one organization, newest first, page by page', async () => {
    for (const id of ['one', 'two', 'three']) {
      await record('org_a', id);
      platform.clocks.advance('PT1S');
    }
    await record('org_b', 'foreign');
    const first = await listAuditLogs(db.database, { organizationId: 'org_a', limit: 2 });
    expect(first.map((entry) => entry.resourceId)).toEqual(['three', 'two']);
    const rest = await listAuditLogs(db.database, {
      organizationId: 'org_a',
      before: first[1]?.id,
      limit: 2,
    });
    expect(rest.map((entry) => entry.resourceId)).toEqual(['one']);
  });
});

describe('searchAuditLogs', () => {
  test('finds by actor, action, resource and time over all organizations', async () => {
    const context = testContext(platform);
    const actor = { kind: 'user' as const, id: 'usr_ada', ip: '203.0.113.7', userAgent: 'test' };
    await record('org_a', 'one');
    platform.clocks.advance('PT1H');
    const since = platform.clocks.business();
    await inTransaction(context, (transaction) =>
      recordAudit({ ...context, actor }, transaction, {
        organizationId: 'org_b',
        action: 'key.revoke',
        resource: { kind: 'key', id: 'key_1' },
      }),
    );
    const found = async (filter: object) =>
      (await searchAuditLogs(db.database, { limit: 10, ...filter })).map((row) => row.resourceId);
    expect(await found({})).toEqual(['key_1', 'one']);
    expect(await found({ actor: 'usr_ada' })).toEqual(['key_1']);
    expect(await found({ action: 'key.revoke' })).toEqual(['key_1']);
    expect(await found({ action: 'key' })).toEqual(['key_1']);
    expect(await found({ resource: 'thing' })).toEqual(['one']);
    expect(await found({ resource: 'one' })).toEqual(['one']);
    expect(await found({ from: since })).toEqual(['key_1']);
    expect(await found({ to: since })).toEqual(['one']);
    expect(await found({ organizationId: 'org_a' })).toEqual(['one']);
    expect(await found({ organizationId: 'org_a', actor: 'usr_ada' })).toEqual([]);
  });
});
