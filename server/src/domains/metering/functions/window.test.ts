import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { storedFunction } from '../../../platform/database/stored-functions.ts';
import { createTestDatabase, type TestDatabase } from '../../../platform/testkit/database.ts';

let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
});

afterAll(() => db.close());

// Window, zone, an instant; where its window begins and when it resets.
const windows: [string, string, string, string, string][] = [
  ['hour', 'Asia/Shanghai', '2026-06-15T03:20:00Z', '2026-06-15T03:00:00Z', '2026-06-15T04:00:00Z'],
  ['day', 'Asia/Shanghai', '2026-06-15T16:00:00Z', '2026-06-15T16:00:00Z', '2026-06-16T16:00:00Z'],
  [
    'day',
    'Asia/Shanghai',
    '2026-06-15T15:59:59.999Z',
    '2026-06-14T16:00:00Z',
    '2026-06-15T16:00:00Z',
  ],
  [
    'month',
    'Asia/Shanghai',
    '2026-02-28T16:30:00Z',
    '2026-02-28T16:00:00Z',
    '2026-03-31T16:00:00Z',
  ],
  ['year', 'Asia/Shanghai', '2026-12-31T15:59:00Z', '2025-12-31T16:00:00Z', '2026-12-31T16:00:00Z'],
  [
    'minute',
    'America/New_York',
    '2026-11-01T06:05:30Z',
    '2026-11-01T06:05:00Z',
    '2026-11-01T06:06:00Z',
  ],
  [
    'hour',
    'America/New_York',
    '2026-03-08T06:30:00Z',
    '2026-03-08T06:00:00Z',
    '2026-03-08T07:00:00Z',
  ],
  [
    'hour',
    'America/New_York',
    '2026-03-08T07:30:00Z',
    '2026-03-08T07:00:00Z',
    '2026-03-08T08:00:00Z',
  ],
  [
    'hour',
    'America/New_York',
    '2026-11-01T05:30:00Z',
    '2026-11-01T05:00:00Z',
    '2026-11-01T07:00:00Z',
  ],
  [
    'hour',
    'America/New_York',
    '2026-11-01T06:30:00Z',
    '2026-11-01T05:00:00Z',
    '2026-11-01T07:00:00Z',
  ],
  [
    'day',
    'America/New_York',
    '2026-03-08T12:00:00Z',
    '2026-03-08T05:00:00Z',
    '2026-03-09T04:00:00Z',
  ],
  [
    'day',
    'America/New_York',
    '2026-11-01T12:00:00Z',
    '2026-11-01T04:00:00Z',
    '2026-11-02T05:00:00Z',
  ],
  [
    'month',
    'America/New_York',
    '2026-03-31T12:00:00Z',
    '2026-03-01T05:00:00Z',
    '2026-04-01T04:00:00Z',
  ],
  [
    'month',
    'America/New_York',
    '2026-11-15T00:00:00Z',
    '2026-11-01T04:00:00Z',
    '2026-12-01T05:00:00Z',
  ],
  [
    'year',
    'America/New_York',
    '2026-07-01T00:00:00Z',
    '2026-01-01T05:00:00Z',
    '2027-01-01T05:00:00Z',
  ],
  ['hour', 'UTC', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z', '2026-01-01T01:00:00Z'],
  ['day', 'UTC', '2028-02-29T23:59:59Z', '2028-02-29T00:00:00Z', '2028-03-01T00:00:00Z'],
  ['month', 'UTC', '2028-02-10T00:00:00Z', '2028-02-01T00:00:00Z', '2028-03-01T00:00:00Z'],
  ['year', 'UTC', '2028-02-10T00:00:00Z', '2028-01-01T00:00:00Z', '2029-01-01T00:00:00Z'],
  [
    'hour',
    'Australia/Lord_Howe',
    '2026-04-04T14:45:00Z',
    '2026-04-04T14:00:00Z',
    '2026-04-04T15:30:00Z',
  ],
  [
    'hour',
    'Australia/Lord_Howe',
    '2026-04-04T15:15:00Z',
    '2026-04-04T14:00:00Z',
    '2026-04-04T15:30:00Z',
  ],
  [
    'hour',
    'Australia/Lord_Howe',
    '2026-10-03T15:20:00Z',
    '2026-10-03T14:30:00Z',
    '2026-10-03T15:30:00Z',
  ],
  [
    'hour',
    'Australia/Lord_Howe',
    '2026-10-03T15:40:00Z',
    '2026-10-03T15:30:00Z',
    '2026-10-03T16:00:00Z',
  ],
  [
    'day',
    'Australia/Lord_Howe',
    '2026-04-04T20:00:00Z',
    '2026-04-04T13:00:00Z',
    '2026-04-05T13:30:00Z',
  ],
  [
    'day',
    'Australia/Lord_Howe',
    '2026-10-03T20:00:00Z',
    '2026-10-03T13:30:00Z',
    '2026-10-04T13:00:00Z',
  ],
  ['day', 'America/Havana', '2026-03-08T05:10:00Z', '2026-03-08T05:00:00Z', '2026-03-09T04:00:00Z'],
  ['day', 'America/Havana', '2026-11-01T04:30:00Z', '2026-11-01T04:00:00Z', '2026-11-02T05:00:00Z'],
  ['day', 'America/Havana', '2026-11-01T05:30:00Z', '2026-11-01T04:00:00Z', '2026-11-02T05:00:00Z'],
  [
    'hour',
    'America/Havana',
    '2026-11-01T05:30:00Z',
    '2026-11-01T04:00:00Z',
    '2026-11-01T06:00:00Z',
  ],
  ['day', 'Asia/Beirut', '2026-03-28T22:30:00Z', '2026-03-28T22:00:00Z', '2026-03-29T21:00:00Z'],
  ['day', 'Asia/Beirut', '2026-10-24T21:30:00Z', '2026-10-23T21:00:00Z', '2026-10-24T22:00:00Z'],
  [
    'day',
    'America/St_Johns',
    '2010-11-07T03:00:00Z',
    '2010-11-07T02:30:00Z',
    '2010-11-08T03:30:00Z',
  ],
  [
    'day',
    'America/St_Johns',
    '2010-11-07T02:30:30Z',
    '2010-11-07T02:30:00Z',
    '2010-11-08T03:30:00Z',
  ],
  ['hour', 'Asia/Kolkata', '2026-06-15T03:20:00Z', '2026-06-15T02:30:00Z', '2026-06-15T03:30:00Z'],
  ['day', 'Asia/Kolkata', '2026-06-15T18:29:59Z', '2026-06-14T18:30:00Z', '2026-06-15T18:30:00Z'],
  ['month', 'Asia/Kolkata', '2026-06-30T18:30:00Z', '2026-06-30T18:30:00Z', '2026-07-31T18:30:00Z'],
];

test.each(windows)(
  'a %s in %s at %s begins at %s and resets at %s',
  async (window, timeZone, at, from, resetsAt) => {
    expect(await windowOf(window, null, timeZone, at)).toEqual({
      window_from: new Date(from),
      resets_at: new Date(resetsAt),
    });
  },
);

test('a lifetime never resets', async () => {
  const { rows } = await sql`
    select window_from::text, resets_at::text
    from ${storedFunction('metering_window')}('lifetime', null, 'Asia/Shanghai', '2026-01-31T00:00:00Z')
  `.execute(db.database);
  expect(rows).toEqual([{ window_from: '-infinity', resets_at: 'infinity' }]);
});

test('windows follow each other without a gap', async () => {
  const { rows } = await sql<{ broken: string }>`
    select z.zone || ' ' || w.name as broken
    from (values ('America/New_York'), ('Australia/Lord_Howe'), ('America/Havana'), ('Asia/Beirut')) z (zone)
    cross join (values ('hour', null), ('day', null), ('day', '2026-01-31T06:30:00Z'), ('month', '2026-01-31T06:30:00Z')) w (name, anchor)
    cross join generate_series('2026-01-01T00:00:00Z'::timestamptz, '2026-12-31T00:00:00Z', '7 hours 1 second') as at
    cross join lateral ${storedFunction('metering_window')}(w.name, w.anchor::timestamptz, z.zone, at) here
    cross join lateral ${storedFunction('metering_window')}(w.name, w.anchor::timestamptz, z.zone, here.resets_at) next
    where not (here.window_from <= at and at < here.resets_at and next.window_from = here.resets_at)
  `.execute(db.database);
  expect(rows).toEqual([]);
});

async function windowOf(window: string, anchor: string | null, timeZone: string, at: string) {
  const { rows } = await sql`
    select window_from, resets_at
    from ${storedFunction('metering_window')}(${window}, ${anchor}, ${timeZone}, ${at})
  `.execute(db.database);
  return rows[0];
}
