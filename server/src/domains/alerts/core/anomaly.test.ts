import { describe, expect, test } from 'vitest';
import { findAnomaly, type Slot, spanMs } from './anomaly.ts';

const hourMs = spanMs.hour;
const start = new Date('2026-01-05T00:00:00Z');
const at = (hour: number) => new Date(start.getTime() + hour * hourMs);

/** The same numbers from the same seed, so that the rates below are facts. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

function normal(draw: () => number): number {
  return Math.sqrt(-2 * Math.log(draw() || 1e-9)) * Math.cos(2 * Math.PI * draw());
}

/** Hours of an office: busy by day, quiet by night and at weekends, with the noise of its kind. */
function office(seed: number, hours: number, noise: 'calm' | 'wild'): Slot[] {
  const draw = random(seed);
  const scale = 50 * 10 ** (2 * draw());
  const spread = noise === 'calm' ? 0.25 : 0.7;
  return Array.from({ length: hours }, (_, hour) => {
    const [ofDay, ofWeek] = [hour % 24, Math.floor(hour / 24) % 7];
    const rhythm = ofDay >= 8 && ofDay < 19 ? 1 : 0.1;
    const level = scale * rhythm * (ofWeek < 5 ? 1 : 0.2) * Math.exp(spread * normal(draw));
    const jitter = Math.sqrt(level) * normal(draw);
    return { startsAt: at(hour), value: BigInt(Math.max(0, Math.round(level + jitter))) };
  });
}

const pasts = new WeakMap<readonly Slot[], Map<number, bigint>>();
function pastOf(series: readonly Slot[]): Map<number, bigint> {
  const known = pasts.get(series);
  const past = known ?? new Map(series.map(({ startsAt, value }) => [startsAt.getTime(), value]));
  pasts.set(series, past);
  return past;
}

const ask = (series: readonly Slot[], hour: number, value?: bigint) => {
  const slot = series[hour];
  if (!slot) throw new Error('the hour is in the series');
  return findAnomaly({
    ...{ span: 'hour', past: pastOf(series), since: start, valueMin: 20n },
    slot: value === undefined ? slot : { ...slot, value },
  });
};

const weeksShown = 12;
const hours = weeksShown * 168;

function alarmsOf(noise: 'calm' | 'wild'): { alarms: number; asked: number } {
  let [alarms, asked] = [0, 0];
  for (let seed = 1; seed <= 40; seed += 1) {
    const series = office(seed, hours, noise);
    for (let hour = 8 * 168; hour < hours; hour += 1) {
      asked += 1;
      if (ask(series, hour)) alarms += 1;
    }
  }
  return { alarms, asked };
}

describe('findAnomaly', () => {
  test('alarms falsely less than once in 10,000 hours of a calm office', () => {
    const { alarms, asked } = alarmsOf('calm');
    expect(asked).toBe(26_880);
    expect(alarms * 10_000).toBeLessThan(asked);
  });

  test('alarms falsely less than once in 200 hours of a wild one, whose hours differ by half', () => {
    const { alarms, asked } = alarmsOf('wild');
    expect(alarms * 200).toBeLessThan(asked);
  });

  test('finds nine in ten hours of working time in which five times as much is used', () => {
    let [found, asked] = [0, 0];
    for (let seed = 100; seed < 140; seed += 1) {
      const series = office(seed, hours, 'calm');
      for (let hour = 9 * 168 + 10; hour < hours; hour += 24) {
        const usual = series[hour - 168]?.value ?? 0n;
        if (usual < 20n) continue;
        asked += 1;
        if (ask(series, hour, usual * 5n)) found += 1;
      }
    }
    expect(asked).toBeGreaterThan(500);
    expect(found * 10).toBeGreaterThanOrEqual(asked * 9);
  });

  test('is not moved by two wild weeks in its past', () => {
    const series = Array.from({ length: 9 * 168 }, (_, hour): Slot => {
      const week = Math.floor(hour / 168);
      return { startsAt: at(hour), value: week === 3 || week === 5 ? 300n : 100n };
    });
    expect(ask(series, 8 * 168 + 40, 100n)).toBeUndefined();
    expect(ask(series, 8 * 168 + 40, 450n)).toBeUndefined();
    expect(ask(series, 8 * 168 + 40, 451n)).toEqual({ value: 451n, expected: 100n });
  });

  test('says nothing of little, of a past that is too short, or of a rise with the usual hours', () => {
    const even = Array.from(
      { length: 9 * 168 },
      (_, hour): Slot => ({ startsAt: at(hour), value: 1n }),
    );
    expect(ask(even, 8 * 168, 19n)).toBeUndefined();
    expect(ask(even, 8 * 168, 20n)).toBeDefined();
    expect(ask(even, 2 * 168, 1_000n)).toBeUndefined();
    expect(ask(even, 4 * 168, 1_000n)).toBeDefined();
  });

  test('takes an hour without use as one of nothing, but only since the organization began', () => {
    const slot = { startsAt: at(8 * 168), value: 50n };
    const past = new Map([[at(0).getTime(), 30n]]);
    const question = { span: 'hour' as const, slot, past, valueMin: 20n };
    expect(findAnomaly({ ...question, since: at(0) })).toEqual({ value: 50n, expected: 0n });
    expect(findAnomaly({ ...question, since: at(7 * 168) })).toBeUndefined();
  });

  test('compares a day with the same weekday', () => {
    const days = Array.from(
      { length: 57 },
      (_, day): Slot => ({
        startsAt: at(day * 24),
        value: day % 7 === 0 ? 10_000n : 100n,
      }),
    );
    const dayOf = (day: number, value: bigint) =>
      findAnomaly({
        ...{ span: 'day', past: pastOf(days), since: start, valueMin: 20n },
        slot: { startsAt: at(day * 24), value },
      });
    expect(dayOf(56, 10_000n)).toBeUndefined();
    expect(dayOf(55, 10_000n)).toEqual({ value: 10_000n, expected: 100n });
  });
});
