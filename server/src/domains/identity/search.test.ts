/** Finding people and organizations by any part of what they are called, among thousands. */
import { type CompiledQuery, Kysely, PostgresDialect, sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Database, openPool } from '../../platform/database/pool.ts';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { findOrganizations, findUsers } from './store/search.ts';

let db: TestDatabase;

const crowd = 8000;

beforeAll(async () => {
  db = await createTestDatabase();
  await sql`
    insert into identity_users
      (id, email, name, username, locale, platform_role, status, password_hash, created_at)
    select 'usr_' || lpad(i::text, 6, '0'), 'person' || i || '@mail' || i % 97 || '.example',
      'Person ' || md5(i::text), 'p' || md5('n' || i), 'en', 'user', 'active', '-', '2026-01-01'
    from generate_series(1, ${crowd}) as i
  `.execute(db.database);
  await sql`
    insert into identity_organizations (id, name, personal_user_id, status, time_zone, created_at)
    select 'org_' || substr(id, 5), 'Firm ' || md5('o' || id), id, 'active', 'UTC', created_at
    from identity_users
  `.execute(db.database);
  await sql`
    insert into identity_members (organization_id, user_id, role, created_at)
    select 'org_' || substr(id, 5), id, 'owner', created_at
    from identity_users
  `.execute(db.database);
  await add('known1', { email: 'ada.lovelace@analytical.example', name: 'Ada Lovelace' });
  await add('known2', { email: 'zhang@bank.example', name: '张三', organization: '北京云帆科技' });
  await add('known3', { email: 'o@other.example', name: 'Zoë Øst', username: 'zoe_100%' });
  await add('known4', {
    email: 'full@width.example',
    name: 'ＡＢＣ Ｔｒａｄｉｎｇ',
    status: 'suspended',
  });
  await sql`analyze identity_users, identity_organizations, identity_members`.execute(db.database);
}, 60_000);
afterAll(() => db.close());

interface Known {
  email: string;
  name: string;
  username?: string;
  organization?: string;
  status?: string;
}

async function add(id: string, known: Known): Promise<void> {
  const { email, name, username, organization, status } = known;
  await sql`
    insert into identity_users
      (id, email, name, username, locale, platform_role, status, password_hash, created_at)
    values (${`usr_${id}`}, ${email}, ${name}, ${username ?? null}, 'en', 'user', ${status ?? 'active'}, '-', '2026-02-01')
  `.execute(db.database);
  await sql`
    insert into identity_organizations (id, name, personal_user_id, status, time_zone, created_at)
    values (${`org_${id}`}, ${organization ?? name}, ${`usr_${id}`}, ${status ?? 'active'}, 'UTC', '2026-02-01')
  `.execute(db.database);
  await sql`
    insert into identity_members (organization_id, user_id, role, created_at)
    values (${`org_${id}`}, ${`usr_${id}`}, 'owner', '2026-02-01')
  `.execute(db.database);
}

async function usersSaying(q: string): Promise<string[]> {
  return (await findUsers(db.database, { q, limit: 20 })).map(({ id }) => id);
}
async function organizationsSaying(q: string): Promise<string[]> {
  return (await findOrganizations(db.database, { q, limit: 20 })).map(({ id }) => id);
}

describe('findUsers', () => {
  test.each([
    ['part of an address', 'lovelace@ana', 'usr_known1'],
    ['a mail domain', '@analytical.example', 'usr_known1'],
    ['another case', 'LOVELACE', 'usr_known1'],
    ['words across a space', 'ada love', 'usr_known1'],
    ['two Chinese signs', '张三', 'usr_known2'],
    ['one Chinese sign', '张', 'usr_known2'],
    ['letters with marks', 'zoë øst', 'usr_known3'],
    ['signs that patterns know', 'zoe_100%', 'usr_known3'],
    ['full-width letters, typed narrow', 'abc trad', 'usr_known4'],
    ['the first letters of a word', 'lo', 'usr_known1'],
    ['a whole id', 'usr_known1', 'usr_known1'],
  ])('finds by %s', async (_what, q, id) => {
    expect(await usersSaying(q)).toContain(id);
  });

  test.each(['%', '_____', 'nobody at all', "'; drop table identity_users; --", '龘', '\\'])(
    'finds nobody by %s',
    async (q) => {
      expect(await usersSaying(q)).toEqual([]);
    },
  );

  test('finds no part across two of the things that somebody is called', async () => {
    expect(await usersSaying('exampleada')).toEqual([]);
  });

  test('is narrowed by status and by when they came', async () => {
    const search = { q: 'example', limit: 20 };
    const suspended = await findUsers(db.database, { ...search, status: 'suspended' });
    expect(suspended.map(({ id }) => id)).toEqual(['usr_known4']);
    expect(await findUsers(db.database, { ...search, role: 'admin' })).toEqual([]);
  });

  test('pages through many without a gap or a repeat', async () => {
    const seen: string[] = [];
    let before: string | undefined;
    do {
      const page = await findUsers(db.database, { q: '@mail42.', before, limit: 50 });
      seen.push(...page.map(({ id }) => id));
      before = page.length === 50 ? page.at(-1)?.id : undefined;
    } while (before !== undefined);
    expect(seen).toHaveLength(
      Array.from({ length: crowd }, (_, i) => i + 1).filter((i) => i % 97 === 42).length,
    );
    expect([...new Set(seen)].sort().reverse()).toEqual(seen);
  });
});

describe('findOrganizations', () => {
  test.each([
    ['two Chinese signs within the name', '云帆', 'org_known2'],
    ['three of them', '云帆科', 'org_known2'],
    ['one of them', '帆', 'org_known2'],
    ['what a member is called', '张三', 'org_known2'],
    ['a member’s address', 'lovelace@analytical', 'org_known1'],
    ['a whole id', 'org_known3', 'org_known3'],
  ])('finds by %s', async (_what, q, id) => {
    expect(await organizationsSaying(q)).toEqual([id]);
  });

  test('keeps to those it is told', async () => {
    const among = { limit: 20, among: ['org_known1', 'org_known2'] };
    const all = await findOrganizations(db.database, among);
    expect(all.map(({ id }) => id)).toEqual(['org_known2', 'org_known1']);
    const one = await findOrganizations(db.database, { ...among, q: 'ada' });
    expect(one.map(({ id }) => id)).toEqual(['org_known1']);
  });
});

describe('the plan of a search', () => {
  test.each([
    ['part of a name', 'lovelace'],
    ['two Chinese signs', '张三'],
    ['the first letters of a word', 'zo'],
  ])('reads the index of grams for %s, and not the table', async (_what, q) => {
    for (const search of [findUsers, findOrganizations]) {
      const plan = await planOf((database) => search(database, { q, limit: 20 }));
      expect(plan).toMatch(/Bitmap Index Scan on identity_\w+_grams/);
      expect(plan).not.toMatch(/Seq Scan/);
    }
  });
});

/** How the database would do what a store's function asks of it. */
async function planOf(ask: (database: Database) => Promise<unknown>): Promise<string> {
  const asked: CompiledQuery[] = [];
  const pool = openPool({ url: db.url, max: 2 });
  const database = new Kysely<Record<never, never>>({
    dialect: new PostgresDialect({ pool }),
    log: ({ query }) => {
      asked.push(query);
    },
  });
  await ask(database);
  const plans = await Promise.all(
    asked.map((query) => pool.query(`explain ${query.sql}`, [...query.parameters])),
  );
  await database.destroy();
  return plans.flatMap(({ rows }) => rows.map((row) => row['QUERY PLAN'])).join('\n');
}
