import { describe, expect, test } from 'vitest';
import { sumGroups } from './sum-groups.ts';

const point = (model: string, calls: number, amount: string, latency: number | null) => ({
  from: '2026-11-01T00:00:00Z',
  to: '2026-11-02T00:00:00Z',
  group: { model },
  calls,
  input_tokens: 10 * calls,
  cached_input_tokens: 0,
  cache_write_tokens: 0,
  output_tokens: calls,
  reasoning_tokens: 0,
  amount,
  currency: 'USD',
  success_rate: calls === 0 ? null : 1,
  latency_ms: latency,
  first_token_ms: null,
});

describe('sumGroups', () => {
  test('adds the days of each group exactly, the dearest first', () => {
    const sums = sumGroups(
      [point('a', 1, '0.1', 100), point('b', 5, '0.000000001', 10), point('a', 3, '0.2', 300)],
      'model',
    );
    expect(sums).toMatchObject([
      { name: 'a', calls: 4, inputTokens: 40, amount: '0.3', latencyMs: 250, firstTokenMs: null },
      { name: 'b', calls: 5, amount: '0.000000001', latencyMs: 10 },
    ]);
  });

  test('has no mean where nothing was measured', () => {
    expect(sumGroups([point('a', 0, '0', null)], 'model')).toMatchObject([
      { successRate: null, latencyMs: null },
    ]);
    expect(sumGroups([], 'model')).toEqual([]);
  });
});
