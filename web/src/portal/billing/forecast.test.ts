import { describe, expect, test } from 'vitest';
import { forecastError } from './forecast.ts';

describe('forecastError', () => {
  test.each([
    ['110.00', '100.00', 10],
    ['87.5', '100.00', -12.5],
    ['100', '100.00', 0],
  ])('%s for what came to %s is off by %d %%', (expected, actual, percent) => {
    expect(forecastError({ expected, actual })).toBe(percent);
  });

  test('of nothing there is no share', () => {
    expect(forecastError({ expected: '1.00', actual: '0' })).toBeUndefined();
  });
});
