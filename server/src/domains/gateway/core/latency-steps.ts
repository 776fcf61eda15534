/**
 * How long calls took, counted in steps: sums of counts are exact, so a percentile over any hours, days and processes is as
 * good as one over the calls themselves, to within a step.
 */

/** Counts by step; what is missing at the end is zero. */
export type Steps = readonly number[];

/** Four steps double the time, so that none is wider than a fifth: from 10 ms to longer than any call may take. */
const stepsPerDoubling = 4;
const firstStepMs = 10;
const stepsMax = 72;

/** The step of a time: the first whose end it does not exceed. */
export function stepOf(ms: number): number {
  if (ms <= firstStepMs) return 0;
  return Math.min(Math.ceil(stepsPerDoubling * Math.log2(ms / firstStepMs)), stepsMax - 1);
}

/** The end of a step. */
export function stepEndMs(step: number): number {
  return firstStepMs * 2 ** (step / stepsPerDoubling);
}

export function addSteps(one: Steps, other: Steps): number[] {
  const length = Math.max(one.length, other.length);
  return Array.from({ length }, (_, step) => (one[step] ?? 0) + (other[step] ?? 0));
}

export function noteStep(steps: number[], ms: number): void {
  const step = stepOf(ms);
  while (steps.length <= step) steps.push(0);
  steps[step] = (steps[step] ?? 0) + 1;
}

/** Of twenty calls, one may take longer. */
const callsPerLongOne = 20;

/** What 95 of 100 calls did not exceed, never told shorter than it was; null without calls. */
export function p95Ms(steps: Steps): number | null {
  const total = steps.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  const rank = total - Math.floor(total / callsPerLongOne);
  let counted = 0;
  const step = steps.findIndex((count) => {
    counted += count;
    return counted >= rank;
  });
  return Math.ceil(stepEndMs(step));
}
