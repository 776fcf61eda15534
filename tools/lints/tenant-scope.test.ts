/** Breaks the rule on purpose: every way to read or change a customer's rows without naming whose they are. */
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readSource, type SourceFile } from './source.ts';
import { tenantScope, tenantTables } from './tenant-scope.ts';

const domain = 'server/src/domains/ledger';
const migrations: SourceFile[] = [
  {
    path: `${domain}/migrations/0001_ledger.sql`,
    text: `create table ledger_buckets (
  id text primary key,
  organization_id text not null
);
create table ledger_parts (
  id text primary key,
  bucket_id text not null references ledger_buckets (id)
);
create table ledger_rates (
  id text primary key
);
create table ledger_notes (
  id text primary key
);`,
  },
  {
    path: `${domain}/migrations/0002_ledger_notes.sql`,
    text: '-- alter table ledger_rates add column organization_id text;\nalter table ledger_notes\n  add column organization_id text;',
  },
];

/** `§{id}` stands for a placeholder of the template that is read. */
function findingsOf(written: string, path = `${domain}/store.ts`): string[] {
  const text = written.replaceAll('§{', '${');
  return tenantScope([...migrations, { path, text }]).map(({ message }) => message);
}

const inFunction = (body: string, comment = '') =>
  `${comment}export async function findThing(executor: Executor, id: string) {\n${body}\n}\n`;

test('tables of customers are those with an organization_id, and those that refer to one', () => {
  expect([...tenantTables(migrations)].sort()).toEqual([
    'ledger_buckets',
    'ledger_notes',
    'ledger_parts',
  ]);
});

describe('finds', () => {
  test.each([
    [
      'a select by id',
      'await sql`select id from ledger_buckets where id = §{id}`.execute(executor);',
    ],
    [
      'an update',
      'await sql`update ledger_buckets set amount = 0 where id = §{id}`.execute(executor);',
    ],
    ['a delete', 'await sql`delete from ledger_notes where id = §{id}`.execute(executor);'],
    [
      'a child',
      'await sql`select id from ledger_parts where bucket_id = §{id}`.execute(executor);',
    ],
    [
      'a join',
      'await sql`select r.id from ledger_rates r join ledger_buckets b on b.rate_id = r.id where r.id = §{id}`;',
    ],
    [
      'two tables that agree, whosever they are',
      'await sql`select b.id from ledger_buckets b join ledger_notes n on n.organization_id = b.organization_id where n.id = §{id}`;',
    ],
    [
      'a condition that may be left out',
      'await sql`select id from ledger_buckets where (§{of}::text is null or organization_id = §{of})`;',
    ],
    [
      'a query of the builder',
      "return tables(executor).selectFrom('ledger_buckets').where('id', '=', id).execute();",
    ],
    [
      'a condition of the builder that may be left out',
      "let query = tables(executor).selectFrom('ledger_buckets').select(['id']);\n  if (of) query = query.where('organization_id', '=', of);\n  return query.execute();",
    ],
    [
      'an update of the builder',
      "await tables(executor).updateTable('ledger_buckets').set({ amount: 0n }).where('id', '=', id).execute();",
    ],
    [
      'the second of two, of which the first is scoped',
      'await sql`select id from ledger_buckets where organization_id = §{of}`;\n  await sql`delete from ledger_notes where id = §{id}`;',
    ],
    [
      'a subselect in a template within the template',
      'await sql`select 1 §{sql`from ledger_buckets`} where id = §{id}`;',
    ],
  ])('%s', (_what, body) => {
    expect(findingsOf(inFunction(body))).toEqual([
      expect.stringMatching(/^findThing names no organization_id for ledger_[\w, ]+: add it/),
    ]);
  });

  test.each([
    ['without a reason', '/** @scope row: */\n'],
    ['of a kind that there is not', '/** @scope convenience: it is shorter like this */\n'],
    ['on another function', '/** @scope row: found in scope before */\nconst other = 1;\n\n'],
    ['in a comment within', ''],
  ])('a marker %s', (_what, comment) => {
    const body =
      '  // @scope row: found in scope before\n  await sql`delete from ledger_notes where id = §{id}`;';
    expect(findingsOf(inFunction(body, comment))).toHaveLength(1);
  });

  test('it in every file of a store, and nowhere else', () => {
    const text = inFunction('await sql`delete from ledger_notes where id = §{id}`;');
    expect(findingsOf(text, `${domain}/store/notes.ts`)).toHaveLength(1);
    expect(findingsOf(text, `${domain}/notes-store.ts`)).toHaveLength(1);
    expect(findingsOf(text, `${domain}/store/notes.test.ts`)).toHaveLength(0);
  });
});

describe('lets pass', () => {
  test.each([
    ['an organization', 'sql`select id from ledger_buckets where organization_id = §{of}`;'],
    [
      'several',
      'sql`select id from ledger_buckets b where b.organization_id = any(§{of}::text[])`;',
    ],
    [
      'rows that are passed',
      'sql`update ledger_buckets b set amount = n.amount from unnest(§{of}::text[]) as n (organization_id) where b.organization_id = n.organization_id`;',
    ],
    ['the deployment’s own', 'sql`select id from ledger_notes where organization_id is null`;'],
    ['the builder', "selectFrom('ledger_buckets').where('organization_id', '=', of).execute();"],
    ['a table that is nobody’s', 'sql`select id from ledger_rates where id = §{id}`;'],
    [
      'what is inserted',
      'sql`insert into ledger_buckets (id, organization_id) values (§{id}, §{of})`;',
    ],
  ])('%s', (_what, body) => {
    expect(findingsOf(inFunction(`  await ${body}`))).toEqual([]);
  });

  test('a decision with its reason, and what writes back a row that is held', () => {
    const body = '  await sql`update ledger_buckets set amount = 0 where id = §{id}`;';
    const comment = '/**\n * Empties it.\n * @scope row: its operation holds it.\n */\n';
    expect(findingsOf(inFunction(body, comment))).toEqual([]);
    expect(findingsOf(inFunction(body).replace('findThing', 'saveBucket'))).toEqual([]);
    expect(findingsOf(inFunction(body).replace('findThing', 'savedBucket'))).toHaveLength(1);
  });
});

test('sees the tables of this repository', () => {
  const files = readSource(resolve(import.meta.dirname, '../..'));
  expect(tenantTables(files).size).toBeGreaterThan(60);
});
