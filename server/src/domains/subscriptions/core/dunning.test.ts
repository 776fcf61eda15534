import { describe, expect, test } from 'vitest';
import { type DunningStep, nextDunningStep, takenAfterChange, undoOf } from './dunning.ts';

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

describe('steps that are changed while something is overdue', () => {
  const steps = (text: string): DunningStep[] =>
    text.split(' ').map((step) => {
      const [action, days] = step.split(':');
      return { action: action as DunningStep['action'], afterDays: Number(days) };
    });

  test.each([
    ['nothing was done yet', 'suspend:0 cancel:5', 0, 0],
    ['the reminders are removed', 'suspend:7 cancel:14', 2, 0],
    ['a reminder is added before', 'remind:1 remind:2 remind:3 suspend:7', 2, 3],
    ['one is added after', 'remind:1 remind:3 remind:5 suspend:7', 2, 2],
    ['the suspension comes sooner than what was done', 'remind:1 suspend:2 cancel:9', 2, 1],
    ['the suspension moves to the day of the last reminder', 'remind:1 suspend:3 cancel:9', 2, 1],
    ['the suspension that was made is put off', 'remind:1 suspend:10 cancel:14', 3, 2],
    ['all is done', 'remind:1 suspend:7 cancel:14', 4, 3],
  ])('%s: %s', (_case, changed, taken, expected) => {
    expect(takenAfterChange(usual, steps(changed), taken)).toBe(expected);
  });
});
