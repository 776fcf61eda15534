import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { addSteps, noteStep, p95Ms, stepEndMs, stepOf } from './latency-steps.ts';

const times = fc.array(fc.integer({ min: 0, max: 1_800_000 }), { minLength: 1, maxLength: 300 });
/** None is wider than a fifth of its end. */
const widest = 2 ** 0.25;

function stepsOf(all: readonly number[]): number[] {
  const steps: number[] = [];
  for (const ms of all) noteStep(steps, ms);
  return steps;
}

/** Of the times themselves. */
function exactly(all: readonly number[]): number {
  const sorted = [...all].sort((a, b) => a - b);
  return sorted.find((_, index) => (index + 1) * 20 >= all.length * 19) ?? 0;
}

describe('steps of times', () => {
  test.prop([times, times, times])('are the same however they are added up', (a, b, c) => {
    const whole = stepsOf([...a, ...b, ...c]);
    expect(addSteps(addSteps(stepsOf(a), stepsOf(b)), stepsOf(c))).toEqual(whole);
    expect(addSteps(stepsOf(c), addSteps(stepsOf(b), stepsOf(a)))).toEqual(whole);
  });

  test.prop([fc.array(times, { minLength: 1, maxLength: 8 })])(
    'tell a percentile over all of them to within a step, and never too short',
    (parts) => {
      const merged = parts.map(stepsOf).reduce(addSteps, []);
      const truth = exactly(parts.flat());
      const told = p95Ms(merged) ?? 0;
      expect(told).toBeGreaterThanOrEqual(truth);
      expect(told).toBeLessThanOrEqual(Math.ceil(Math.max(truth * widest, 10)));
    },
  );

  test.prop([fc.integer({ min: 0, max: 1_800_000 })])('take a time in at its own step', (ms) => {
    const step = stepOf(ms);
    expect(stepEndMs(step)).toBeGreaterThanOrEqual(ms * (1 - 1e-9));
    if (step > 0) expect(stepEndMs(step - 1)).toBeLessThan(ms * (1 + 1e-9));
  });

  test('tell nothing of no calls', () => {
    expect(p95Ms([])).toBeNull();
    expect(p95Ms([0, 0])).toBeNull();
  });
});
