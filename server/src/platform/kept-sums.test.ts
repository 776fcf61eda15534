import { describe, expect, it } from 'vitest';
import { type Kept, keptFrom, nextStep } from './kept-sums.ts';

const at = (text: string) => new Date(text);
const stepAt = (kept: Kept, now: string, timeZone: string) => {
  const step = nextStep(kept, { now: at(now), timeZone });
  return (
    step &&
    [step.from, step.to, step.firstDay, step.openDay, step.month].map((each) => each.toISOString())
  );
};

describe('nextStep', () => {
  it('waits ten minutes for an hour', () => {
    const kept = { until: at('2026-03-05T09:00:00Z'), day: at('2026-03-05T00:00:00Z') };
    expect(stepAt(kept, '2026-03-05T10:09:59Z', 'UTC')).toBeUndefined();
    expect(stepAt(kept, '2026-03-05T10:10:00Z', 'UTC')).toEqual([
      '2026-03-05T09:00:00.000Z',
      '2026-03-05T10:00:00.000Z',
      '2026-03-05T00:00:00.000Z',
      '2026-03-05T00:00:00.000Z',
      '2026-03-01T00:00:00.000Z',
    ]);
  });

  it('goes as far as the month, in whole days and the hours of the last one', () => {
    const kept = keptFrom(at('2026-03-05T09:30:00Z'), 'Asia/Kolkata');
    expect(kept.until).toEqual(at('2026-03-04T18:30:00Z'));
    expect(stepAt(kept, '2026-04-02T00:30:00Z', 'Asia/Kolkata')?.slice(0, 4)).toEqual([
      '2026-03-04T18:30:00.000Z',
      '2026-03-31T18:30:00.000Z',
      '2026-03-04T18:30:00.000Z',
      '2026-03-31T18:30:00.000Z',
    ]);
    expect(stepAt(kept, '2026-03-06T00:30:00Z', 'Asia/Kolkata')?.slice(1, 4)).toEqual([
      '2026-03-06T00:00:00.000Z',
      '2026-03-04T18:30:00.000Z',
      '2026-03-05T18:30:00.000Z',
    ]);
  });

  it.each([
    ['east, where the day began earlier: it goes on', 'Asia/Shanghai', '2026-03-05T00:00:00.000Z'],
    [
      'west, where it began later: its rest stands by itself',
      'America/New_York',
      '2026-03-05T09:00:00.000Z',
    ],
  ])('of a deployment that moved %s', (_, timeZone, firstDay) => {
    const kept = { until: at('2026-03-05T09:00:00Z'), day: at('2026-03-05T00:00:00Z') };
    expect(stepAt(kept, '2026-03-05T12:30:00Z', timeZone)?.slice(2, 4)).toEqual([
      firstDay,
      firstDay,
    ]);
  });
});
