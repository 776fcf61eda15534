import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { type TestPlatform, testContext, testPlatform } from '../../platform/testkit/platform.ts';
import { followClock } from './clock.ts';
import { moveClock } from './operations/move-clock.ts';
import { readSetting } from './operations/read-setting.ts';

const dayMs = 86_400_000;
const unprepared = async () => undefined;
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
    expect(await moveClock(testContext(at), { advance: 'P1D' }, unprepared)).toBe(dayMs);
    await expect.poll(() => offsetMs).toBe(dayMs);
    const target = new Date(at.clocks.wall().getTime() + 3 * dayMs).toISOString();
    expect(await moveClock(testContext(at), { to: target }, unprepared)).toBe(3 * dayMs);
    await expect.poll(() => offsetMs).toBe(3 * dayMs);
  });

  test.each([
    [{ advance: '-P1D' }, 'advance'],
    [{ advance: 'a day' }, 'advance'],
    [{ advance: 'P100Y' }, 'advance'],
    [{ to: '2020-01-01T00:00:00Z' }, 'to'],
  ])('refuses %o', async (move, param) => {
    await expect(moveClock(testContext(at), move, unprepared)).rejects.toMatchObject({
      code: 'rule_violated',
      param,
    });
  });

  test('makes what the new time needs before any process can see that time', async () => {
    const before = await readSetting(at.database, 'clock_offset_ms');
    const seen: number[] = [];
    const after = await moveClock(testContext(at), { advance: 'P1D' }, async (_context, until) => {
      seen.push(await readSetting(at.database, 'clock_offset_ms'));
      seen.push(until.getTime() - at.clocks.wall().getTime());
    });
    expect(seen).toEqual([before, after]);
    const failing = moveClock(testContext(at), { advance: 'P1D' }, async () => {
      throw new Error('no room for another month');
    });
    await expect(failing).rejects.toThrow('no room');
    expect(await readSetting(at.database, 'clock_offset_ms')).toBe(after);
  });

  test('does not exist in live mode', async () => {
    const live = testPlatform(db, { config: { mode: 'live' } });
    await expect(
      moveClock(testContext(live), { advance: 'P1D' }, unprepared),
    ).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});
