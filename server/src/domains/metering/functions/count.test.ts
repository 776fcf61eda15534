import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { storedFunction } from '../../../platform/database/stored-functions.ts';
import { fakeClocks } from '../../../platform/testkit/clock.ts';
import { createTestDatabase, type TestDatabase } from '../../../platform/testkit/database.ts';
import { testPlatform } from '../../../platform/testkit/platform.ts';
import { type AccessFixture, createAccessFixture } from '../../access/testkit/access-fixture.ts';

let db: TestDatabase;
let fixture: AccessFixture;
const clocks = fakeClocks('2026-03-04T12:00:00Z');

beforeAll(async () => {
  db = await createTestDatabase();
  fixture = await createAccessFixture(testPlatform(db, { clocks }));
});

afterAll(() => db.close());

interface Reported {
  quantity: bigint;
  at: string;
  value?: string;
  apiKeyId?: string;
}

/** Reports use of a meter in one batch. */
async function count(organization: string, meter: string, events: readonly Reported[]) {
  const column = <T>(of: (event: Reported) => T) => events.map(of);
  const organizations = column(() => organization);
  const instants = column(({ at }) => `2026-03-04T${at}Z`);
  const now = clocks.business();
  await sql`
    select ${storedFunction('metering_open_counters')}(${organizations}::text[], ${instants}::timestamptz[])
  `.execute(db.database);
  await sql`
    select ${storedFunction('metering_count')}(
      ${organizations}::text[], ${column(() => meter)}::text[], ${column(({ apiKeyId }) => apiKeyId ?? null)}::text[],
      ${column(() => null)}::text[], ${column(() => null)}::text[],
      ${column(({ quantity }) => quantity)}::bigint[],
      ${column(({ value }) => value ?? null)}::text[], ${instants}::timestamptz[], ${now}
    )
  `.execute(db.database);
}

/** What is used in each window, in their order. */
async function usedOf(quotaId: string): Promise<bigint[]> {
  const { rows } = await sql<{ used: bigint }>`
    select used
    from metering_counters
    where quota_id = ${quotaId}
    order by window_from
  `.execute(db.database);
  return rows.map(({ used }) => used);
}

async function violationsOf(quotaId: string) {
  const { rows } = await sql<{ used: bigint; requested: bigint }>`
    select used, requested
    from metering_violations
    where quota_id = ${quotaId}
  `.execute(db.database);
  return rows;
}

describe('metering_count', () => {
  test.each([
    // Two in one minute, the later reported first; then one in a second batch that happened before them.
    ['count', [2n, 3n]],
    ['sum', [50n, 65n]],
    ['weighted_sum', [50n, 65n]],
    ['max', [30n, 30n]],
    ['latest', [20n, 20n]],
  ])('%s: counts events out of order', async (aggregation, [first, second]) => {
    const [organization, meter] = [await fixture.organization(), await fixture.meter(aggregation)];
    const quota = await fixture.quota(organization, { meterId: meter, window: 'day', limit: 99n });
    const quantity = (of: bigint) => (aggregation === 'count' ? 1n : of);
    await count(organization, meter, [
      { quantity: quantity(20n), at: '10:00:20' },
      { quantity: quantity(30n), at: '10:00:10' },
    ]);
    expect(await usedOf(quota)).toEqual([first]);
    await count(organization, meter, [{ quantity: quantity(15n), at: '09:00:00' }]);
    expect(await usedOf(quota)).toEqual([second]);
  });

  test('unique: counts each value once in its window', async () => {
    const [organization, meter] = [await fixture.organization(), await fixture.meter('unique')];
    const quota = await fixture.quota(organization, { meterId: meter, window: 'hour', limit: 99n });
    await count(organization, meter, [
      { quantity: 1n, at: '10:10:00', value: 'ada' },
      { quantity: 1n, at: '10:20:00', value: 'bob' },
      { quantity: 1n, at: '10:30:00', value: 'ada' },
      { quantity: 1n, at: '11:00:00', value: 'ada' },
    ]);
    await count(organization, meter, [{ quantity: 1n, at: '10:40:00', value: 'bob' }]);
    expect(await usedOf(quota)).toEqual([2n, 1n]);
  });

  test('counts each event in the window it happened in, also where that ends within a minute', async () => {
    const [organization, meter] = [await fixture.organization(), await fixture.meter('sum')];
    const terms = { meterId: meter, limit: 99n } as const;
    const hourly = await fixture.quota(organization, { ...terms, window: 'hour' });
    const anchorAt = new Date('2026-03-01T10:00:30Z');
    const daily = await fixture.quota(organization, { ...terms, window: 'day', anchorAt });
    await count(organization, meter, [
      { quantity: 1n, at: '09:59:59.999' },
      { quantity: 2n, at: '10:00:00' },
      { quantity: 4n, at: '10:00:29.999' },
      { quantity: 8n, at: '10:00:30' },
    ]);
    expect(await usedOf(hourly)).toEqual([1n, 14n]);
    expect(await usedOf(daily)).toEqual([7n, 8n]);
  });

  test('counts a key for its own quota and its organization, and nobody else', async () => {
    const [organization, meter] = [await fixture.organization(), await fixture.meter('sum')];
    const terms = { meterId: meter, window: 'day', limit: 99n } as const;
    const whole = await fixture.quota(organization, terms);
    const one = await fixture.quota(organization, { ...terms, apiKeyId: 'key_one' });
    await count(organization, meter, [
      { quantity: 1n, at: '10:00:00', apiKeyId: 'key_one' },
      { quantity: 2n, at: '10:00:00', apiKeyId: 'key_two' },
      { quantity: 4n, at: '10:00:00' },
    ]);
    expect(await usedOf(whole)).toEqual([7n]);
    expect(await usedOf(one)).toEqual([1n]);
  });

  test.each([
    ['sum', true, 0],
    ['sum', false, 1],
    ['max', true, 1],
    ['unique', true, 1],
  ])('%s, hard %s: passing the limit is recorded %d times', async (aggregation, isHard, times) => {
    const [organization, meter] = [await fixture.organization(), await fixture.meter(aggregation)];
    const terms = { meterId: meter, window: 'day', limit: 1n, isHard } as const;
    const quota = await fixture.quota(organization, terms);
    const events = ['ada', 'bob'].map((value, index) => ({
      quantity: BigInt(index + 1),
      at: `10:00:0${index}`,
      ...(aggregation === 'unique' && { value }),
    }));
    await count(organization, meter, events);
    await count(organization, meter, events);
    expect(await violationsOf(quota)).toHaveLength(times);
  });
});
