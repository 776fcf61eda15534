import { describe, expect, test } from 'vitest';
import { availabilityPercent, errorPercent, noLevels } from './service-levels.ts';

const of = (served: number, failed: number) => ({ ...noLevels, served, failed });

describe('availabilityPercent', () => {
  test.each([
    [of(0, 0), null, null],
    [of(10, 0), 100, 0],
    [of(0, 10), 0, 100],
    [of(999, 1), 99.9, 0.1],
    [of(2, 1), 66.666, 33.334],
    // One of a million is not nothing.
    [of(999_999, 1), 99.999, 0.001],
    [of(99_999_999, 1), 99.999, 0.001],
  ])('of %o is %o', (levels, available, failed) => {
    expect(availabilityPercent(levels)).toBe(available);
    expect(errorPercent(levels)).toBe(failed);
  });
});
