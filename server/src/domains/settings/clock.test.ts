import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { type TestPlatform, testContext, testPlatform } from '../../platform/testkit/platform.ts';
import { followClock } from './clock.ts';
import { type ClockDeps, moveClock } from './operations/move-clock.ts';
import { readSetting } from './operations/read-setting.ts';

const dayMs = 86_400_000;
const idle: ClockDeps = {
  prepare: async () => undefined,
  setOffsetMs: () => undefined,
  nextDue: async () => undefined,
  runDue: async () => undefined,
};
const offsetOf = () => readSetting(at.database, 'clock_offset_ms');
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
    await moveClock(testContext(at), { advance: 'P1D' }, idle);
    expect(await offsetOf()).toBe(dayMs);
    await expect.poll(() => offsetMs).toBe(dayMs);
    const target = new Date(at.clocks.wall().getTime() + 3 * dayMs).toISOString();
    await moveClock(testContext(at), { to: target }, idle);
    expect(await offsetOf()).toBe(3 * dayMs);
    await expect.poll(() => offsetMs).toBe(3 * dayMs);
  });

  test.each([
    [{ advance: '-P1D' }, 'advance'],
    [{ advance: 'a day' }, 'advance'],
    [{ advance: 'P100Y' }, 'advance'],
    [{ to: '2020-01-01T00:00:00Z' }, 'to'],
  ])('refuses %o', async (move, param) => {
    await expect(moveClock(testContext(at), move, idle)).rejects.toMatchObject({
      code: 'rule_violated',
      param,
    });
  });

  test('makes what the new time needs before any process can see that time', async () => {
    const before = await offsetOf();
    const seen: number[] = [];
    const prepare: ClockDeps['prepare'] = async (_context, until) => {
      seen.push(await offsetOf(), until.getTime() - at.clocks.wall().getTime());
    };
    await moveClock(testContext(at), { advance: 'P1D' }, { ...idle, prepare });
    expect(seen).toEqual([before, before + dayMs]);
    const failing: ClockDeps['prepare'] = async () => {
      throw new Error('no room for another month');
    };
    await expect(
      moveClock(testContext(at), { advance: 'P1D' }, { ...idle, prepare: failing }),
    ).rejects.toThrow('no room');
    expect(await offsetOf()).toBe(before + dayMs);
  });

  test('stops in the minute in which something is due, and runs it there', async () => {
    let offsetMs = await offsetOf();
    const clocks = {
      ...at.clocks,
      business: () => new Date(at.clocks.wall().getTime() + offsetMs),
    };
    const start = clocks.business().getTime();
    const dues = [3.5, 0.2501, 0.2502, 9].map((days) => new Date(start + days * dayMs));
    const ran: number[] = [];
    const last: boolean[] = [];
    await moveClock(
      testContext({ ...at, clocks }),
      { advance: 'P5D' },
      {
        ...idle,
        setOffsetMs: (next) => {
          offsetMs = next;
        },
        nextDue: async () =>
          dues.filter((due) => due > clocks.business()).sort((one, other) => +one - +other)[0],
        runDue: async (_context, { isLastStop }) => {
          ran.push((clocks.business().getTime() - start) / dayMs);
          last.push(isLastStop);
        },
      },
    );
    expect(ran.map((days) => days.toFixed(2))).toEqual(['0.25', '3.50', '5.00']);
    expect(last).toEqual([false, false, true]);
    expect(new Date(start + (ran[0] ?? 0) * dayMs).getTime()).toBeGreaterThanOrEqual(
      dues[2]?.getTime() ?? Number.NaN,
    );
  });

  test('does not exist in live mode', async () => {
    const live = testPlatform(db, { config: { mode: 'live' } });
    await expect(moveClock(testContext(live), { advance: 'P1D' }, idle)).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});
