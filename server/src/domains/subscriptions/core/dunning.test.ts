import { describe, expect, test } from 'vitest';
import { type DunningStep, nextDunningStep, undoOf } from './dunning.ts';

const usual: readonly DunningStep[] = [
  { afterDays: 1, action: 'remind' },
  { afterDays: 3, action: 'remind' },
  { afterDays: 7, action: 'suspend' },
  { afterDays: 14, action: 'cancel' },
];
const overdueSince = new Date('2026-03-28T22:00:00Z');

/** What has happened by an instant, as a run that finds one step after the other does it. */
function takenBy(now: Date, steps: readonly DunningStep[] = usual): string[] {
  const actions: string[] = [];
  for (;;) {
    const next = nextDunningStep(steps, { overdueSince, taken: actions.length });
    if (!next || next.at > now) return actions;
    actions.push(next.action);
  }
}

describe('dunning', () => {
  test.each([
    ['2026-03-29T21:59:59Z', []],
    ['2026-03-29T22:00:00Z', ['remind']],
    ['2026-04-03T00:00:00Z', ['remind', 'remind']],
    ['2026-04-04T22:00:00Z', ['remind', 'remind', 'suspend']],
    ['2027-01-01T00:00:00Z', ['remind', 'remind', 'suspend', 'cancel']],
  ])('by %s has done %j', (now, expected) => {
    expect(takenBy(new Date(now))).toEqual(expected);
  });

  test('takes steps in the order of their days, however they are written', () => {
    const steps: DunningStep[] = [
      { afterDays: 5, action: 'cancel' },
      { afterDays: 5, action: 'remind' },
      { afterDays: 0, action: 'suspend' },
    ];
    expect(takenBy(new Date('2026-05-01'), steps)).toEqual(['suspend', 'remind', 'cancel']);
  });

  test.each([
    [0, []],
    [2, []],
    [3, ['lift_suspension']],
    [4, ['restore_subscription', 'lift_suspension']],
  ])('after %i steps a payment brings back %j', (taken, expected) => {
    expect(undoOf(usual, taken)).toEqual(expected);
  });
});
