import { describe, expect, it } from 'vitest';
import { retryDelayMs, retryDelaysMs } from './schedule.ts';

describe('retryDelayMs', () => {
  it('waits longer each time, and gives up after three days', () => {
    const delays = retryDelaysMs.map((_delay, index) => retryDelayMs(index + 1) ?? 0);
    expect(delays).toEqual([...delays].sort((a, b) => a - b));
    const totalDays = delays.reduce((sum, delay) => sum + delay, 0) / 86_400_000;
    expect(totalDays).toBeGreaterThan(3);
    expect(totalDays).toBeLessThan(3.5);
    expect(retryDelayMs(delays.length + 1)).toBeUndefined();
  });
});
