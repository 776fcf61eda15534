import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { type TestPlatform, testContext, testPlatform } from '../../platform/testkit/platform.ts';
import { followClock } from './clock.ts';
import { moveClock } from './operations/move-clock.ts';

const dayMs = 86_400_000;
let db: TestDatabase;
let at: TestPlatform;

beforeAll(async () => {
  db = await createTestDatabase();
  at = testPlatform(db);
});
afterAll(async () => {
  await at.notifications.close();
  await db.close();
});

describe('moveClock', () => {
  test('moves forward by a duration or to an instant, and every process follows', async () => {
    let offsetMs = -1;
    await followClock(at, (next) => {
      offsetMs = next;
    });
    await at.notifications.start(db.url);
    expect(offsetMs).toBe(0);
    expect(await moveClock(testContext(at), { advance: 'P1D' })).toBe(dayMs);
    await expect.poll(() => offsetMs).toBe(dayMs);
    const target = new Date(at.clocks.wall().getTime() + 3 * dayMs).toISOString();
    expect(await moveClock(testContext(at), { to: target })).toBe(3 * dayMs);
    await expect.poll(() => offsetMs).toBe(3 * dayMs);
  });

  test.each([
    [{ advance: '-P1D' }, 'advance'],
    [{ advance: 'a day' }, 'advance'],
    [{ advance: 'P100Y' }, 'advance'],
    [{ to: '2020-01-01T00:00:00Z' }, 'to'],
  ])('refuses %o', async (move, param) => {
    await expect(moveClock(testContext(at), move)).rejects.toMatchObject({
      code: 'rule_violated',
      param,
    });
  });

  test('does not exist in live mode', async () => {
    const live = testPlatform(db, { config: { mode: 'live' } });
    await expect(moveClock(testContext(live), { advance: 'P1D' })).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});
