import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { storedFunction } from '../../../platform/database/stored-functions.ts';
import { createTestDatabase, type TestDatabase } from '../../../platform/testkit/database.ts';

let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
});

afterAll(() => db.close());

// Window, anchor, zone, an instant; where its window begins and when it resets.
const windows: [string, string, string, string, string, string][] = [
  [
    'month',
    '2026-01-31T10:15:30Z',
    'UTC',
    '2026-02-28T10:15:29Z',
    '2026-01-31T10:15:30Z',
    '2026-02-28T10:15:30Z',
  ],
  [
    'month',
    '2026-01-31T10:15:30Z',
    'UTC',
    '2026-02-28T10:15:30Z',
    '2026-02-28T10:15:30Z',
    '2026-03-31T10:15:30Z',
  ],
  [
    'month',
    '2026-01-31T10:15:30Z',
    'UTC',
    '2026-03-31T10:15:30Z',
    '2026-03-31T10:15:30Z',
    '2026-04-30T10:15:30Z',
  ],
  [
    'month',
    '2026-01-31T10:15:30Z',
    'America/New_York',
    '2026-03-20T00:00:00Z',
    '2026-02-28T10:15:30Z',
    '2026-03-31T09:15:30Z',
  ],
  [
    'month',
    '2026-01-31T15:30:00Z',
    'Asia/Shanghai',
    '2026-04-15T00:00:00Z',
    '2026-03-31T15:30:00Z',
    '2026-04-30T15:30:00Z',
  ],
  [
    'month',
    '2026-01-31T10:15:30Z',
    'Australia/Lord_Howe',
    '2026-04-20T00:00:00Z',
    '2026-03-31T10:15:30Z',
    '2026-04-30T10:45:30Z',
  ],
  [
    'day',
    '2026-01-31T07:30:00Z',
    'America/New_York',
    '2026-03-08T12:00:00Z',
    '2026-03-08T07:30:00Z',
    '2026-03-09T06:30:00Z',
  ],
  [
    'day',
    '2026-01-31T06:30:00Z',
    'America/New_York',
    '2026-11-01T12:00:00Z',
    '2026-11-01T05:30:00Z',
    '2026-11-02T06:30:00Z',
  ],
  [
    'day',
    '2026-01-31T06:30:00Z',
    'America/New_York',
    '2026-11-01T06:10:00Z',
    '2026-11-01T05:30:00Z',
    '2026-11-02T06:30:00Z',
  ],
  [
    'year',
    '2024-02-29T12:00:00Z',
    'Asia/Kolkata',
    '2026-06-01T00:00:00Z',
    '2026-02-28T12:00:00Z',
    '2027-02-28T12:00:00Z',
  ],
  [
    'year',
    '2024-02-29T12:00:00Z',
    'UTC',
    '2028-02-29T12:00:00Z',
    '2028-02-29T12:00:00Z',
    '2029-02-28T12:00:00Z',
  ],
  [
    'day',
    '2026-01-31T23:00:00Z',
    'UTC',
    '2026-01-31T22:00:00Z',
    '2026-01-30T23:00:00Z',
    '2026-01-31T23:00:00Z',
  ],
];

test.each(windows)(
  'a %s anchored at %s in %s at %s begins at %s and resets at %s',
  async (window, anchor, timeZone, at, from, resetsAt) => {
    expect(await windowOf(window, anchor, timeZone, at)).toEqual({
      window_from: new Date(from),
      resets_at: new Date(resetsAt),
    });
  },
);

async function windowOf(window: string, anchor: string, timeZone: string, at: string) {
  const { rows } = await sql`
    select window_from, resets_at
    from ${storedFunction('metering_window')}(${window}, ${anchor}, ${timeZone}, ${at})
  `.execute(db.database);
  return rows[0];
}
