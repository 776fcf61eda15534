import { describe, expect, it } from 'vitest';
import { atLeastDelivered, estimatedUsage } from './measured-usage.ts';

describe('atLeastDelivered', () => {
  it('keeps a report that covers what was delivered', () => {
    const reported = { ...estimatedUsage(10, 20), estimated: false };
    expect(atLeastDelivered(reported, 20)).toBe(reported);
  });

  it('raises an early report to what was delivered since, and says that it was counted here', () => {
    const reported = { ...estimatedUsage(10, 1), estimated: false };
    expect(atLeastDelivered(reported, 20)).toMatchObject({ outputTokens: 20, estimated: true });
  });
});
