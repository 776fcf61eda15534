/** The log is found by who, what, when and from where; rare filters are found as surely as common ones. */
import { fc } from '@fast-check/vitest';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { AuditQuestion } from './core/facets.ts';
import { ensureAuditPartitions } from './index.ts';
import { listAuditLogs } from './operations/list-audit-logs.ts';
import { noPeople, openTestLog, type TestLog } from './testing/log.ts';

let log: TestLog;

beforeAll(async () => {
  log = await openTestLog();
});
afterAll(() => log.close());
beforeEach(async () => {
  await log.tamper('truncate audit_entries, audit_heads');
  log.platform.clocks.set('2026-03-04T12:00:00Z');
});

const ada = { kind: 'user', id: 'usr_ada', ip: '203.0.113.7', userAgent: 'test' } as const;

describe('listAuditLogs', () => {
  test('answers the entries of one organization, newest first, page by page', async () => {
    for (const id of ['one', 'two', 'three']) {
      await log.record('org_a', id);
      log.platform.clocks.advance('PT1S');
    }
    await log.record('org_b', 'foreign');
    const first = await log.list({ organizationId: 'org_a', limit: 2 });
    expect(first.map((entry) => entry.resourceId)).toEqual(['three', 'two']);
    const rest = await log.list({ organizationId: 'org_a', before: first[1]?.id, limit: 2 });
    expect(rest.map((entry) => entry.resourceId)).toEqual(['one']);
  });

  test('names members, and finds them by mail; nobody else', async () => {
    const asked: unknown[] = [];
    const people = {
      ...noPeople,
      async findByIds(_executor: unknown, ids: readonly string[], among: string | undefined) {
        asked.push([ids, among]);
        return new Map([['usr_ada', { name: 'Ada', email: 'ada@example.com' }]]);
      },
      findIdByMail: async (_executor: unknown, mail: string, among: string | undefined) =>
        mail === 'ada@example.com' && among === 'org_a' ? 'usr_ada' : undefined,
    };
    await log.recordAs(ada, 'org_a', 'one');
    await log.record('org_a', 'two');
    const list = (actor: string) =>
      listAuditLogs(log.db.database, people, {
        organizationId: 'org_a',
        actor,
        limit: 10,
        now: log.platform.clocks.business(),
      });
    const [entry, ...others] = await list('ada@example.com');
    expect(others).toEqual([]);
    expect(entry?.person).toEqual({ name: 'Ada', email: 'ada@example.com' });
    expect(asked).toEqual([[['usr_ada'], 'org_a']]);
    expect(await list('eve@example.com')).toEqual([]);
  });
});

describe('searchAuditLogs', () => {
  test('finds by every filter over all organizations', async () => {
    await log.record('org_a', 'one');
    log.platform.clocks.advance('PT1H');
    const since = log.platform.clocks.business();
    await log.recordAs(ada, 'org_b', 'key_1', {
      action: 'key.revoke',
      resource: { kind: 'key', id: 'key_1' },
    });
    const [newest] = await log.search({});
    const found = async (filter: object) => (await log.search(filter)).map((row) => row.resourceId);
    expect(await found({})).toEqual(['key_1', 'one']);
    expect(await found({ actor: 'usr_ada' })).toEqual(['key_1']);
    expect(await found({ actor: 'user' })).toEqual(['key_1']);
    expect(await found({ actor: 'system' })).toEqual(['one']);
    expect(await found({ action: 'key.revoke' })).toEqual(['key_1']);
    expect(await found({ action: 'key' })).toEqual(['key_1']);
    expect(await found({ action: 'key.' })).toEqual(['key_1']);
    expect(await found({ action: 'ke' })).toEqual([]);
    expect(await found({ resource: 'thing' })).toEqual(['one']);
    expect(await found({ resource: 'one' })).toEqual(['one']);
    expect(await found({ ip: '203.0.113.7' })).toEqual(['key_1']);
    expect(await found({ id: 'usr_ada' })).toEqual(['key_1']);
    expect(await found({ id: 'org_a' })).toEqual(['one']);
    expect(await found({ id: 'req_test' })).toEqual(['key_1', 'one']);
    expect(await found({ id: newest?.id })).toEqual(['key_1']);
    expect(await found({ id: newest?.id.slice(0, 14) })).toEqual(['key_1']);
    expect(await found({ from: since })).toEqual(['key_1']);
    expect(await found({ to: since })).toEqual(['one']);
    expect(await found({ organizationId: 'org_a' })).toEqual(['one']);
    expect(await found({ organizationId: 'org_a', actor: 'usr_ada' })).toEqual([]);
  });

  test('finds what is rare behind thousands of others, in months long before', async () => {
    await makeMany();
    const rare = { actor: 'usr_rare', action: 'thing.rare' };
    const all = await log.search({ ...rare, limit: 100 });
    expect(all.map(({ resourceId }) => resourceId)).toEqual(
      Array.from({ length: 9 }, (_, index) => `thing_${9000 - index * 1000}`),
    );
    const pages: string[] = [];
    let before: string | undefined;
    for (;;) {
      const page = await log.search({ ...rare, limit: 2, before });
      pages.push(...page.map(({ id }) => id));
      before = page.at(-1)?.id;
      if (page.length < 2) break;
    }
    expect(pages).toEqual(all.map(({ id }) => id));
  });

  test('answers as a plain question would, whichever way it finds them', async () => {
    await makeMany();
    const agrees = fc.asyncProperty(questions, fc.integer({ min: 1, max: 60 }), compare);
    await fc.assert(agrees, { numRuns: 60 });
  });
});

const instants = fc.date({
  min: new Date('2025-05-01'),
  max: new Date('2026-03-01'),
  noInvalidDate: true,
});
const questions = fc.record(
  {
    organizationId: fc.constantFrom('org_0', 'org_1', 'org_none'),
    actor: fc.constantFrom('usr_0', 'usr_3', 'usr_rare', 'user', 'system'),
    action: fc.constantFrom('thing', 'thing.rare', 'thing.change', 'other'),
    resource: fc.constantFrom('thing_5000', 'thing', 'thing_1'),
    ip: fc.constantFrom('10.0.0.1', '10.0.0.250'),
    from: instants,
    to: instants,
  },
  { requiredKeys: [] },
);

async function compare(question: AuditQuestion, limit: number): Promise<void> {
  const found = await log.search({ ...question, limit });
  const { rows } = await sql<{ id: string }>`
    select id
    from audit_entries
    where organization_id = coalesce(${question.organizationId ?? null}, organization_id)
      and coalesce(${question.actor ?? null}, actor_id) in (actor_id, actor_kind)
      and coalesce(${question.action ?? null}, action) in (action, split_part(action, '.', 1))
      and coalesce(${question.resource ?? null}, resource_id) in (resource_id, resource_kind)
      and ip = coalesce(${question.ip ?? null}, ip)
      and created_at >= ${question.from ?? new Date(0)}
      and created_at < ${question.to ?? new Date('2100-01-01')}
    order by id desc
    limit ${limit}
  `.execute(log.db.database);
  expect(found.map(({ id }) => id)).toEqual(rows.map(({ id }) => id));
}

/** 10,000 entries over ten months, one in a thousand of them rare. */
async function makeMany(): Promise<void> {
  await ensureAuditPartitions(log.db.database, new Date('2025-05-01'), new Date('2026-03-01'));
  const digits = sql.lit('0123456789abcdefghjkmnpqrstvwxyz');
  await sql`
    insert into audit_entries
      (id, chain, position, organization_id, actor_kind, actor_id, action, resource_kind, resource_id, ip, request_id,
       created_at, previous_hash, hash)
    select
      'aud_' || (
        select string_agg(substr(${digits}, (ms >> (5 * digit) & 31)::int + 1, 1), '' order by digit desc)
        from generate_series(0, 9) as digit
      ) || lpad(i::text, 16, '0'),
      'org_' || i % 2, i, 'org_' || i % 2, 'user',
      case when i % 1000 = 0 then 'usr_rare' else 'usr_' || i % 5 end,
      case when i % 1000 = 0 then 'thing.rare' else 'thing.change' end,
      'thing', 'thing_' || i, '10.0.0.' || i % 251, 'req_' || i, to_timestamp(ms / 1000.0), '', ''
    from generate_series(1, 9999) as i,
      lateral (select 1746057600000 + i::bigint * 2600000 as ms) t
  `.execute(log.db.database);
  await sql`analyze audit_entries`.execute(log.db.database);
}
