import { describe, expect, test } from 'vitest';
import { splitRows } from './split.ts';

const point = (cost_center: string | undefined, amount: string, calls = 1) => ({
  ...{ from: '2026-03-01T00:00:00Z', to: '2026-04-01T00:00:00Z', calls, amount, currency: 'USD' },
  group: (cost_center === undefined ? {} : { cost_center }) as Record<string, string>,
  ...{ input_tokens: 0, cached_input_tokens: 0, cache_write_tokens: 0, output_tokens: 0 },
  ...{ reasoning_tokens: 0, success_rate: 1, latency_ms: null, first_token_ms: null },
});
const usage = (...data: ReturnType<typeof point>[]) => ({
  data,
  names: { cct_1: 'R-100 Research' },
  next_cursor: null,
});

describe('splitRows', () => {
  test('compares each with the range before, also those who stopped, and sums exactly', () => {
    const { rows, total } = splitRows(
      usage(point('cct_1', '0.3', 3), point(undefined, '0.100000001')),
      usage(point('cct_1', '0.2'), point('cct_2', '1')),
      'cost_center',
    );
    expect(rows).toMatchObject([
      {
        id: 'cct_1',
        name: 'R-100 Research',
        amount: '0.3',
        previous: '0.2',
        change: 0.5,
        calls: 3,
      },
      { id: '', amount: '0.100000001', previous: '0', change: null },
      { id: 'cct_2', name: 'cct_2', amount: '0', previous: '1', change: -1, calls: 0 },
    ]);
    expect(total).toMatchObject({ amount: '0.400000001', previous: '1.2', calls: 4, share: 1 });
  });

  test('has no share where nothing was spent', () => {
    expect(splitRows(usage(), usage(point('cct_1', '1')), 'cost_center').rows).toMatchObject([
      { share: 0, change: -1 },
    ]);
  });
});
