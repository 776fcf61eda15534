import { describe, expect, it } from 'vitest';
import { shareOf } from './share.ts';
import { pointsOf, readSpan } from './span.ts';

const now = new Date('2026-03-11T06:00:00Z');
const days = ({ from, to }: { from: Date; to: Date }) => [from.toISOString(), to.toISOString()];

describe('readSpan', () => {
  it('is the last twelve months, this one included, in the zone', () => {
    expect(days(readSpan({}, now, 'Asia/Shanghai'))).toEqual([
      '2025-03-31T16:00:00.000Z',
      '2026-03-31T16:00:00.000Z',
    ]);
  });

  it('is this month by the day', () => {
    const span = readSpan({ interval: 'day' }, now, 'UTC');
    expect(days(span)).toEqual(['2026-03-01T00:00:00.000Z', '2026-04-01T00:00:00.000Z']);
    expect(pointsOf(span, now)).toHaveLength(11);
  });

  it.each([
    { from: '2026-03', to: '2026-02' },
    { from: '2020-01', to: '2026-02' },
    { from: '2025-11', to: '2026-02', interval: 'day' as const },
  ])('refuses %j', (asked) => {
    expect(() => readSpan(asked, now, 'UTC')).toThrow('at most');
  });

  it.each([{ from: '2026-02', to: '2026-02' }, { from: '2023-04' }])('takes %j', (asked) => {
    expect(() => readSpan(asked, now, 'UTC')).not.toThrow();
  });
});

it.each([
  [1n, 3n, 0.3333],
  [2n, 3n, 0.6667],
  [-1n, 3n, -0.3333],
  [1n, 20_000n, 0.0001],
  [5n, 0n, null],
])('%s of %s is %s', (part, whole, share) => {
  expect(shareOf(part, whole)).toBe(share);
});
