/** Every way to tamper with the log in the database is found. */
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { inTransaction } from '../../platform/context.ts';
import { testContext } from '../../platform/testkit/platform.ts';
import { recordAudit, verifyAudit } from './index.ts';
import { openTestLog, type TestLog } from './testing/log.ts';

let log: TestLog;

beforeAll(async () => {
  log = await openTestLog();
});
afterAll(() => log.close());
beforeEach(() => log.tamper('truncate audit_entries, audit_heads'));

const ada = { kind: 'user', id: 'usr_ada', ip: '203.0.113.7', userAgent: 'Firefox' } as const;

/** Two entries with every field filled. */
async function recordRich(): Promise<void> {
  const values = {
    resource: { kind: 'user', id: 'usr_ada' },
    oldValues: { a: 1 },
    newValues: { a: 2 },
  };
  await log.recordAs(ada, 'org_a', 'one', values);
  await log.recordAs(ada, 'org_a', 'one', values);
}

const assignments = [
  "id = 'aud_01aaaaaaaaaaaaaaaaaaaaaaaa'",
  "chain = 'org_b', organization_id = 'org_b'",
  'position = 7',
  "actor_kind = 'api_key'",
  "actor_id = 'usr_other'",
  'actor_id = null',
  "action = 'thing.other'",
  "resource_kind = 'other'",
  "resource_id = 'another'",
  "old_values = '{}'",
  'old_values = null',
  `new_values = '{"a": 3}'`,
  `new_values = '{"a": "2"}'`,
  'new_values = null',
  "ip = '10.0.0.1'",
  'ip = null',
  "user_agent = 'other'",
  'user_agent = null',
  "request_id = 'req_other'",
  "created_at = created_at - interval '1 millisecond'",
  "rest_seal = 'forged'",
  "previous_hash = 'forged'",
  "hash = 'forged'",
];
const ofDigests = [
  'version = 1',
  'version = 3',
  "origin_salt = 'other'",
  "values_salt = 'other'",
  "origin_digest = 'forged'",
  "values_digest = 'forged'",
];
const ofErasures = [
  'origin_salt = null',
  'values_salt = null',
  'ip = null, user_agent = null, origin_salt = null',
  'old_values = null, new_values = null, values_salt = null',
];

describe('verifyAudit', () => {
  test('finds nothing wrong with what was only written to', async () => {
    await log.recordMany('org_a', 3);
    await log.record(null, 'thing_of_the_deployment');
    const { chains, entries, problems } = await verifyAudit(log.platform);
    expect({ chains, entries, problems }).toEqual({ chains: 2, entries: 4, problems: [] });
  });

  test('finds an edited row, and names it', async () => {
    await log.recordMany('org_a', 3);
    await log.tamper(`update audit_entries set new_values = '{"index": 7}' where position = 2`);
    const { problems } = await verifyAudit(log.platform);
    expect(problems).toEqual([
      expect.objectContaining({ chain: 'org_a', kind: 'edited', position: 2n }),
    ]);
  });

  test.each([...assignments, ...ofDigests, ...ofErasures])(
    'finds a row with another %s',
    async (assignment) => {
      await recordRich();
      expect(await log.problemKinds()).toEqual([]);
      await log.tamper(`update audit_entries set ${assignment} where position = 1`);
      expect(await log.problemKinds()).not.toEqual([]);
    },
  );

  test.each([...assignments, ...ofErasures])(
    'finds a row of the first version with another %s',
    async (assignment) => {
      await recordRich();
      await log.makeFirstVersion('org_a');
      expect(await log.problemKinds()).toEqual([]);
      // What was never there cannot be taken away.
      if (/^(origin|values)_salt = null$/.test(assignment)) return;
      await log.tamper(`update audit_entries set ${assignment} where position = 1`);
      expect(await log.problemKinds()).not.toEqual([]);
    },
  );

  test('finds a removed row', async () => {
    await log.recordMany('org_a', 4);
    await log.tamper('delete from audit_entries where position = 2');
    expect(await log.problemKinds()).toEqual(['removed']);
  });

  test('finds a removed row also where the rest was renumbered', async () => {
    await log.recordMany('org_a', 4);
    await log.tamper(
      'delete from audit_entries where position = 2',
      'update audit_entries set position = position - 1 where position = 3',
      'update audit_entries set position = position - 1 where position = 4',
      'update audit_heads set entries = 3',
    );
    expect(await log.problemKinds()).toEqual(['edited', 'edited', 'head_edited']);
  });

  test('finds two rows that changed places', async () => {
    await log.recordMany('org_a', 3);
    await log.tamper(
      'update audit_entries set position = 99 where position = 1',
      'update audit_entries set position = 1 where position = 2',
      'update audit_entries set position = 2 where position = 99',
    );
    expect(new Set(await log.problemKinds())).toEqual(new Set(['edited', 'reordered']));
  });

  test('finds a row that stands there twice', async () => {
    await log.recordMany('org_a', 3);
    await log.tamper(
      `create temp table again as select * from audit_entries where position = 2`,
      `insert into audit_entries select (r).* from (
         select jsonb_populate_record(null::audit_entries, to_jsonb(again) || '{"id": "aud_z"}') as r from again
       ) x`,
      `drop table again`,
    );
    expect(await log.problemKinds()).toContain('edited');
  });

  test('finds rows that were cut off at the end', async () => {
    await log.recordMany('org_a', 4);
    await log.tamper('delete from audit_entries where position > 2');
    expect(await log.problemKinds()).toEqual(['truncated']);
  });

  test('finds a cut that the head was made to agree with', async () => {
    await log.recordMany('org_a', 4);
    await log.tamper(
      'delete from audit_entries where position > 2',
      'update audit_heads set entries = 2, hash = (select hash from audit_entries where position = 2)',
    );
    expect(await log.problemKinds()).toEqual(['head_edited']);
  });

  test.each(['entries = entries + 1', "hash = 'forged'", "seal = 'forged'", "chain = 'org_z'"])(
    'finds a head with another %s',
    async (assignment) => {
      await log.recordMany('org_a', 2);
      await log.tamper(`update audit_heads set ${assignment}`);
      expect(await log.problemKinds()).toContain('head_edited');
    },
  );

  test('finds a chain whose rows are all gone, and one whose head is', async () => {
    await log.recordMany('org_a', 2);
    await log.recordMany('org_b', 2);
    await log.tamper(
      "delete from audit_entries where chain = 'org_a'",
      "delete from audit_heads where chain = 'org_b'",
    );
    expect(await log.problemKinds()).toEqual(['truncated', 'head_edited']);
  });

  test('finds a row that was put behind the head', async () => {
    await log.recordMany('org_a', 2);
    await log.tamper(`
      insert into audit_entries
        (id, chain, position, organization_id, actor_kind, action, resource_kind, resource_id, request_id,
         created_at, previous_hash, hash)
      select 'aud_forged', chain, 3, organization_id, actor_kind, action, resource_kind, resource_id, request_id,
        created_at, hash, 'forged'
      from audit_entries
      where position = 2
    `);
    expect(await log.problemKinds()).toEqual(['edited', 'added']);
  });

  test('walks chains that are longer than one batch', async () => {
    const context = testContext(log.platform);
    await inTransaction(context, async (transaction) => {
      for (let index = 0; index < 1001; index += 1) {
        await recordAudit(context, transaction, {
          organizationId: 'org_long',
          action: 'thing.change',
          resource: { kind: 'thing', id: `thing_${index}` },
        });
      }
    });
    const { entries, problems } = await verifyAudit(log.platform);
    expect({ entries, problems }).toEqual({ entries: 1001, problems: [] });
  });

  test('finds chains that lost their heads among more than one batch of them', async () => {
    const context = testContext(log.platform);
    await inTransaction(context, async (transaction) => {
      for (let index = 0; index < 1100; index += 1) {
        await recordAudit(context, transaction, {
          organizationId: `org_${String(index).padStart(4, '0')}`,
          action: 'thing.change',
          resource: { kind: 'thing', id: 'one' },
        });
      }
    });
    await log.tamper("delete from audit_heads where chain in ('org_0000', 'org_0999', 'org_1099')");
    const { chains, problems } = await verifyAudit(log.platform);
    expect(chains).toBe(1100);
    expect(problems.map(({ chain }) => chain)).toEqual(['org_0000', 'org_0999', 'org_1099']);
    expect(await sql`select from audit_heads`.execute(log.db.database)).toMatchObject({
      rows: { length: 1097 },
    });
  }, 60_000);
});
