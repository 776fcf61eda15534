import { expect, test } from 'vitest';
import { daysOf } from './report-days.ts';

test('daysOf names the first day and the last, in the report’s zone', () => {
  const span = { from: '2026-01-31T16:00:00Z', to: '2026-02-28T16:00:00Z' };
  expect(daysOf({ ...span, time_zone: 'Asia/Shanghai' })).toEqual({
    from: '2026-02-01',
    to: '2026-02-28',
  });
});
