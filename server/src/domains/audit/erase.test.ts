/** What tells of a person can be erased, and the chains still verify; what went without that is found. */
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { inTransaction } from '../../platform/context.ts';
import { testContext } from '../../platform/testkit/platform.ts';
import { erasePersonOfAudit, recordAudit, verifyAudit } from './index.ts';
import { openTestLog, type TestLog } from './testing/log.ts';

let log: TestLog;

beforeAll(async () => {
  log = await openTestLog();
});
afterAll(() => log.close());
beforeEach(() => log.tamper('truncate audit_entries, audit_heads, audit_person_keys'));

const ada = {
  kind: 'user',
  id: 'usr_ada',
  ip: '203.0.113.7',
  userAgent: 'Firefox of Ada',
} as const;
const bob = {
  kind: 'user',
  id: 'usr_bob',
  ip: '203.0.113.8',
  userAgent: 'Firefox of Bob',
} as const;
const guest = {
  kind: 'system',
  id: null,
  ip: '203.0.113.9',
  userAgent: 'Somebody at the door',
} as const;
const ofAda = {
  action: 'user.update',
  resource: { kind: 'user', id: 'usr_ada' },
  oldValues: { email: 'ada@example.com' },
  newValues: { email: 'ada@lovelace.example' },
};

async function recordLives(): Promise<void> {
  await log.recordAs(ada, 'org_a', 'one', { newValues: { price: '30.00' } });
  await log.recordAs(bob, 'org_a', 'two', { newValues: { price: '31.00' } });
  await log.recordAs(ada, 'org_ada', 'usr_ada', ofAda);
  await log.recordAs(guest, 'org_ada', 'usr_ada', { ...ofAda, action: 'user.login_failed' });
  await log.recordAs(bob, null, 'usr_ada', ofAda);
}

async function eraseAda(): Promise<void> {
  const context = { ...testContext(log.platform), actor: ada };
  await inTransaction(context, async (transaction) => {
    await recordAudit(context, transaction, {
      ...ofAda,
      organizationId: 'org_ada',
      action: 'user.delete',
    });
    await erasePersonOfAudit(context, transaction, 'usr_ada');
  });
}

/** Everything that the tables hold, as one text. */
async function everything(): Promise<string> {
  const { rows } = await sql<{ text: string }>`
    select coalesce(jsonb_agg(to_jsonb(e)), '[]')::text as text
    from audit_entries e
  `.execute(log.db.database);
  return rows[0]?.text ?? '';
}

describe('erasePersonOfAudit', () => {
  test.each(['', ' of the first version'])(
    'leaves nothing of them in entries%s, and all chains whole',
    async (kind) => {
      await recordLives();
      if (kind !== '')
        for (const chain of ['org_a', 'org_ada', 'deployment']) await log.makeFirstVersion(chain);
      expect(await log.problemKinds()).toEqual([]);
      await eraseAda();
      expect(await log.problemKinds()).toEqual([]);
      const left = await everything();
      for (const trace of [
        'ada@',
        'lovelace',
        '203.0.113.7',
        '203.0.113.9',
        'of Ada',
        'at the door',
      ])
        expect(left, trace).not.toContain(trace);
      for (const kept of ['usr_ada', '30.00', '203.0.113.8', 'of Bob', 'user.delete'])
        expect(left, kept).toContain(kept);
    },
  );

  test('says so in each chain, in an entry that is nobody’s', async () => {
    await recordLives();
    await eraseAda();
    const erasures = await log.search({ action: 'audit.erase_person' });
    expect(erasures.map(({ chain }) => chain).sort()).toEqual(['deployment', 'org_a', 'org_ada']);
    for (const erasure of erasures)
      expect(erasure).toMatchObject({ actorKind: 'system', ip: null, resourceId: 'usr_ada' });
    const counts = erasures.map(({ newValues }) => newValues?.entries);
    expect(counts.reduce((sum, count) => Number(sum) + Number(count), 0)).toBe(5);
  });

  test('is undone with the transaction that does it', async () => {
    await recordLives();
    const context = testContext(log.platform);
    const failing = inTransaction(context, async (transaction) => {
      await erasePersonOfAudit(context, transaction, 'usr_ada');
      throw new Error('undone');
    });
    await expect(failing).rejects.toThrow('undone');
    expect(await everything()).toContain('203.0.113.7');
    expect(await log.search({ action: 'audit.erase_person' })).toEqual([]);
  });

  test('may be asked for twice, and by two at once', async () => {
    await recordLives();
    await Promise.all([eraseAda(), eraseAda()]);
    await eraseAda();
    expect(await log.problemKinds()).toEqual([]);
    expect(await everything()).not.toContain('203.0.113.7');
  });

  test('erases what is written by another while it waits, or leaves it to be found', async () => {
    await recordLives();
    await Promise.all([
      eraseAda(),
      ...Array.from({ length: 10 }, (_, index) => log.recordAs(bob, 'org_a', `during_${index}`)),
    ]);
    expect(await log.problemKinds()).toEqual([]);
  });

  test('goes through more entries than one batch', async () => {
    const context = { ...testContext(log.platform), actor: ada };
    await inTransaction(context, async (transaction) => {
      for (let index = 0; index < 1203; index += 1) {
        await recordAudit(context, transaction, {
          organizationId: 'org_a',
          action: 'thing.change',
          resource: { kind: 'thing', id: `thing_${index}` },
        });
      }
    });
    await eraseAda();
    expect(await everything()).not.toContain('203.0.113.7');
    expect((await verifyAudit(log.platform)).problems).toEqual([]);
  });
});

describe('verifyAudit, of parts that are gone', () => {
  const erase = (where: string) => [
    `update audit_entries set ip = null, user_agent = null, origin_salt = null where ${where}`,
    `update audit_entries set old_values = null, new_values = null, values_salt = null where ${where}`,
  ];

  test('reports one that no entry says was erased', async () => {
    await recordLives();
    await log.tamper(erase("chain = 'org_a' and actor_id = 'usr_ada'")[0] ?? '');
    expect(await log.problemKinds()).toEqual(['part_missing']);
  });

  test('reports one that belongs to nobody', async () => {
    await log.record('org_a', 'one', { newValues: { price: '30.00' } });
    await log.tamper(...erase("chain = 'org_a'"));
    expect(await log.problemKinds()).toEqual(['part_missing']);
  });

  test('reports one that is newer than the erasure of the person', async () => {
    await recordLives();
    await eraseAda();
    await log.recordAs(ada, 'org_a', 'later');
    await log.tamper(erase("resource_id = 'later'")[0] ?? '');
    expect(await log.problemKinds()).toEqual(['part_missing']);
  });

  test('reports one of another person', async () => {
    await recordLives();
    await eraseAda();
    await log.tamper(erase("actor_id = 'usr_bob' and chain = 'org_a'")[0] ?? '');
    expect(await log.problemKinds()).toEqual(['part_missing']);
  });

  test('reports an edit of what is left, in either version', async () => {
    for (const version of ['first', 'second']) {
      await log.tamper('truncate audit_entries, audit_heads');
      await recordLives();
      if (version === 'first') await log.makeFirstVersion('org_a');
      await eraseAda();
      await log.tamper(
        "update audit_entries set action = 'thing.forged' where resource_id = 'one'",
      );
      expect(await log.problemKinds(), version).toEqual(['edited']);
    }
  });

  test('still reports an edit of an entry of the first version that was erased after it', async () => {
    await recordLives();
    await log.makeFirstVersion('org_a');
    await log.tamper("update audit_entries set action = 'thing.forged' where resource_id = 'one'");
    await eraseAda();
    expect(await log.problemKinds()).toEqual(['edited']);
    expect(await everything()).not.toContain('203.0.113.7');
  });
});
