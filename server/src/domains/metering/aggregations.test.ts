import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fakeClocks } from '../../platform/testkit/clock.ts';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { testPlatform } from '../../platform/testkit/platform.ts';
import { createPayer } from '../access/testkit/payer.ts';
import { weightedSum } from './core/weighted-sum.ts';
import { createReportingFixture, type ReportingFixture } from './testkit/reporting-fixture.ts';

let db: TestDatabase;
let fixture: ReportingFixture;
const clocks = fakeClocks('2023-03-31T00:00:00Z');

beforeAll(async () => {
  db = await createTestDatabase();
  const platform = testPlatform(db, { clocks });
  fixture = await createReportingFixture(platform, await createPayer(platform, db.url));
});
afterAll(async () => {
  await fixture.close();
  await db.close();
});

let count = 0;

async function use(organization: string, meter: string, events: readonly object[]) {
  const sent = events.map((fields) => {
    count += 1;
    return { id: `event-${count}`, subject: { organization }, meter, ...fields };
  });
  for (const answer of await fixture.report(sent))
    expect(answer.status, answer.message).toBe('accepted');
}

async function read(organization: string, meter: string, query = 'interval=month') {
  const { data } = await fixture.get(organization, `usage/meters?meter=medical.${meter}&${query}`);
  return data.map(({ quantity }) => quantity);
}

describe('sumMeterUsage', () => {
  test.each([
    ['analyses', '2'],
    ['pages', '30'],
    ['seats', '20'],
    ['visitors', '1'],
    ['version', '20'],
  ])('of two events by one user with 10 and 20, %s is %s', async (meter, expected) => {
    const organization = await fixture.organization();
    const properties = { user: 'ada' };
    await use(organization, meter, [
      { quantity: 10, properties, time: '2023-03-30T01:00:00Z' },
      { quantity: 20, properties, time: '2023-03-30T02:00:00Z' },
    ]);
    expect(await read(organization, meter)).toEqual([expected]);
  });

  test('weighs a level by how long it stood, and carries it into the next month', async () => {
    const organization = await fixture.organization();
    await use(organization, 'instances', [{ quantity: 2500, time: '2023-03-05T00:00:00Z' }]);
    clocks.advance('P20D');
    await use(organization, 'instances', [
      { quantity: -2000, time: '2023-04-04T00:00:00Z' },
      { quantity: -200, time: '2023-04-06T00:00:00Z' },
    ]);
    const query = 'interval=month&from=2023-03-01T00:00:00Z&to=2023-05-01T00:00:00Z';
    expect(await read(organization, 'instances', query)).toEqual([
      '2177.419354839',
      '533.333333333',
    ]);
  });

  test('shows what stands of a level: all that was added and taken so far', async () => {
    const organization = await fixture.organization();
    await use(organization, 'storage', [
      { quantity: '1.5', time: '2023-04-10T00:00:00Z' },
      { quantity: '-0.5', time: '2023-04-12T00:00:00Z' },
    ]);
    const query = 'interval=day&from=2023-04-12T00:00:00Z&to=2023-04-15T00:00:00Z';
    expect(await read(organization, 'storage', query)).toEqual(['1']);
  });

  test('counts a distinct value once a month that was seen on many days', async () => {
    const organization = await fixture.organization();
    const seen = (user: string, day: number) => ({
      properties: { user },
      time: `2023-04-${day}T00:00:00Z`,
    });
    await use(organization, 'visitors', [seen('ada', 10), seen('ada', 11), seen('bob', 11)]);
    expect(await read(organization, 'visitors')).toEqual(['2']);
    expect(await read(organization, 'visitors', 'interval=day')).toEqual(['1', '2']);
    expect(await read(organization, 'visitors', 'interval=day&group_by=member')).toEqual([
      '1',
      '2',
    ]);
  });
});

describe('weightedSum', () => {
  test('is exact for what stood half of the time', () => {
    const span = { from: new Date(0), to: new Date(1000) };
    expect(weightedSum(0n, [{ at: new Date(500), quantity: 3n }], span)).toBe(1_500_000_000n);
    expect(weightedSum(-1n, [], span)).toBe(-1_000_000_000n);
    expect(weightedSum(1n, [{ at: new Date(0), quantity: -1n }], span)).toBe(0n);
  });
});
