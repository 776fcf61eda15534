import { describe, expect, test } from 'vitest';
import { historyOf } from './history.ts';

const point = (from: string, calls: number) => ({
  from,
  to: from,
  group: {},
  calls,
  input_tokens: 10,
  cached_input_tokens: 0,
  cache_write_tokens: 0,
  output_tokens: 5,
  reasoning_tokens: 0,
  success_rate: 1,
  latency_ms: 800,
  first_token_ms: 200,
  amount: '0.5',
  currency: 'USD',
});
const timeZone = 'Asia/Shanghai';

describe('historyOf', () => {
  test('has a row for each of 14 days, quiet ones too', () => {
    const now = new Date('2026-03-10T09:00:00Z');
    const days = historyOf([point('2026-03-08T16:00:00Z', 3)], { now, timeZone });
    expect(days).toHaveLength(14);
    expect(days.at(-1)).toMatchObject({ day: '2026-03-10', calls: 0 });
    expect(days.at(-2)).toMatchObject({ day: '2026-03-09', calls: 3, tokens: 15 });
  });

  test('ends today by the organization’s zone, not by UTC', () => {
    const days = historyOf([], { now: new Date('2026-02-28T16:30:00Z'), timeZone });
    expect(days.at(-1)?.day).toBe('2026-03-01');
    expect(days[0]?.day).toBe('2026-02-16');
  });

  test('leaves out what was before these days', () => {
    const now = new Date('2026-04-02T09:00:00Z');
    const days = historyOf([point('2026-03-08T16:00:00Z', 3)], { now, timeZone });
    expect(days.filter(({ calls }) => calls > 0)).toEqual([]);
  });
});
