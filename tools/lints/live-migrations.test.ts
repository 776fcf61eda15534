/** Breaks each rule of `live-migrations.ts` on purpose, and permits it. */
import { describe, expect, test } from 'vitest';
import { describeFinding } from './all.ts';
import { lastReleased, liveMigrations } from './live-migrations.ts';

const folder = 'server/src/domains/metering/migrations';
const old = {
  [`${folder}/0001_first.sql`]: `create table metering_usage (
  request_id text not null,
  amount numeric(3, 2)
) partition by range (request_id);

create table metering_meters (id text);
`,
};

function judge(text: string, number = lastReleased + 1): string[] {
  const tree = { ...old, [`${folder}/${String(number).padStart(4, '0')}_next.sql`]: text };
  return liveMigrations(Object.entries(tree).map(([path, file]) => ({ path, text: file }))).map(
    describeFinding,
  );
}

/** Statement, its permit, what is said of it. */
const breaches: [string, 'contract' | 'brief', RegExp][] = [
  ['drop table metering_meters', 'contract', /takes away/],
  ['drop view metering_view', 'contract', /takes away/],
  ['drop function metering_trigger', 'contract', /takes away/],
  ['alter table metering_meters drop column id', 'contract', /drops a column/],
  ['alter table metering_meters add column name text, drop id', 'contract', /drops a column/],
  ['alter table metering_meters rename to metering_gauges', 'contract', /renames/],
  ['alter table metering_meters rename column id to name', 'contract', /renames/],
  ['ALTER TABLE metering_meters\n  ALTER COLUMN id TYPE bigint', 'contract', /another column/],
  ['alter table metering_meters alter id set data type bigint', 'contract', /another column/],
  ['alter table metering_meters alter column id set not null', 'contract', /refuses what/],
  ['alter table metering_meters alter column id drop default', 'contract', /write nothing there/],
  ['alter table metering_meters add column name text not null', 'contract', /does not fill/],
  [
    "alter table metering_meters add column a text not null, add column b text not null default ''",
    'contract',
    /does not fill/,
  ],
  [
    'alter table metering_meters add column token uuid default gen_random_uuid()',
    'brief',
    /writes the whole table/,
  ],
  ['alter table metering_meters add column n bigserial', 'brief', /writes the whole table/],
  [
    'alter table metering_meters add column n bigint generated always as (1) stored',
    'brief',
    /writes the whole table/,
  ],
  ["alter table metering_usage add constraint named check (id <> '')", 'brief', /not valid/],
  [
    'alter table metering_usage add constraint known foreign key (id) references others',
    'brief',
    /not valid/,
  ],
  ['alter table metering_usage add constraint once unique (id)', 'brief', /using index/],
  ['alter table metering_usage add primary key (id)', 'brief', /using index/],
  ['create index usage_by_amount on metering_usage (amount)', 'brief', /concurrently/],
  ['create unique index on only metering_usage (amount)', 'brief', /concurrently/],
  ['update metering_usage set amount = 0', 'brief', /by a job/],
  ["delete from metering_usage where request_id = 'x'", 'brief', /by a job/],
  ['truncate metering_meters', 'brief', /locks the table/],
  ['lock table metering_meters', 'brief', /locks the table/],
];

/** What looks like a breach and is none. */
const innocents = [
  'alter table metering_meters add column name text',
  "alter table metering_meters add column name text not null default ''",
  'alter table metering_meters drop constraint named',
  'alter table metering_meters alter column id drop not null',
  'alter table metering_meters rename constraint one to two',
  "alter table metering_usage add constraint named check (id <> '') not valid",
  "alter table metering_meters add constraint named check (id <> '')",
  'alter table metering_usage add constraint once unique using index metering_once',
  'create index meters_by_id on metering_meters (id)',
  "update metering_meters set id = 'drop table x'",
  'create table metering_new (id text not null); drop table metering_new',
  'create table metering_new (id text); create index on metering_new (id); truncate metering_new',
  '-- drop table metering_meters; truncate metering_meters\nselect 1',
  'create function f() returns trigger language plpgsql as $$\nbegin\n  delete from metering_usage;\nend\n$$',
  '-- outside a transaction\ncreate index concurrently if not exists a on metering_usage (amount)',
];

describe('liveMigrations', () => {
  test.each(breaches)('finds "%s", and permits it as %s', (statement, permit, message) => {
    expect(judge(`${statement};`)).toEqual([expect.stringMatching(message)]);
    const why = `-- ${permit}: nothing has used it since the version before`;
    expect(judge(`${why}\n${statement};`)).toEqual([]);
    const other = permit === 'brief' ? 'contract' : 'brief';
    expect(judge(`${why.replace(permit, other)}\n${statement};`)).toHaveLength(1);
    expect(judge(`-- ${permit}: ok\n${statement};`)).toHaveLength(1);
  });

  test.each(innocents)('lets "%s" be', (text) => {
    expect(judge(`${text};`)).toEqual([]);
  });

  test('permits one statement, not those after it', () => {
    const text = `-- contract: nobody has read it since
alter table metering_meters drop column id;

alter table metering_meters drop column name;`;
    expect(judge(text)).toEqual([expect.stringMatching(/next[.]sql:4: This drops a column/)]);
  });

  test('wants concurrent builds outside of a transaction', () => {
    expect(judge('create index concurrently a on metering_usage (amount);')).toEqual([
      expect.stringMatching(/-- outside a transaction/),
    ]);
  });

  test('wants a constraint validated in a migration of its own', () => {
    const add = 'alter table metering_meters add constraint a check (true) not valid;';
    const validate = 'alter table metering_meters validate constraint a;';
    expect(judge(validate)).toEqual([]);
    expect(judge(`${add}\n${validate}`)).toEqual([expect.stringMatching(/of its own/)]);
  });

  test('leaves alone what is applied everywhere', () => {
    expect(judge('drop table metering_meters;', lastReleased)).toEqual([]);
  });
});
