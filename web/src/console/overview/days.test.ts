import { expect, test } from 'vitest';
import { overviewDays } from './days.ts';

const usage = { from: '2026-01-17T16:00:00Z', to: '2026-01-31T16:00:00Z' };

test('fills in quiet days, and names each as its own zone does', () => {
  const days = overviewDays(
    { usage, days: [{ from: '2026-01-29T16:00:00Z', calls: 3, amount: '0.12' }] },
    'Asia/Shanghai',
  );
  expect(days).toHaveLength(14);
  expect(days[0]?.day).toBe('2026-01-18');
  expect(days.at(-1)).toEqual({ day: '2026-01-31', calls: 0, amount: '0' });
  expect(days.filter(({ calls }) => calls > 0)).toEqual([
    { day: '2026-01-30', calls: 3, amount: '0.12' },
  ]);
});

test('keeps the days of a zone that is some hours away', () => {
  const days = overviewDays(
    { usage, days: [{ from: '2026-01-29T16:00:00Z', calls: 3, amount: '0.12' }] },
    'Europe/Berlin',
  );
  expect(days.find(({ calls }) => calls > 0)?.day).toBe('2026-01-30');
});
