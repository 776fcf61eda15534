import { describe, expect, it } from 'vitest';
import { bridge, cohortsOf } from './mrr.ts';

const at = (month: number) => new Date(Date.UTC(2026, month - 1, 1));

describe('bridge', () => {
  it('begins each month with what the one before ended with', () => {
    const points = bridge({ minor: 100n, customers: 1n }, [
      [
        { kind: 'new', movements: 2n, minor: 50n },
        { kind: 'churn', movements: 1n, minor: -100n },
      ],
      [],
      [{ kind: 'reactivation', movements: 1n, minor: 30n }],
    ]);
    expect(points.map(({ start, end }) => [start.minor, end.minor])).toEqual([
      [100n, 50n],
      [50n, 50n],
      [50n, 80n],
    ]);
    expect(points.map(({ end }) => end.customers)).toEqual([2n, 2n, 3n]);
  });
});

describe('cohortsOf', () => {
  it('keeps a month without movements as the one before', () => {
    const months = [at(1), at(2), at(3)].map((month) => month.getTime());
    const moves = [
      {
        cohort: at(1),
        starts_at: at(1),
        currency: 'USD',
        customers: 4n,
        minor: 400n,
        joined: 5n,
        joined_minor: 500n,
      },
      {
        cohort: at(1),
        starts_at: at(3),
        currency: 'USD',
        customers: -1n,
        minor: -150n,
        joined: 0n,
        joined_minor: 0n,
      },
    ];
    expect(cohortsOf(moves, months)).toEqual([
      {
        month: at(1).getTime(),
        joined: { customers: 5n, minor: 500n },
        standings: [
          { customers: 4n, minor: 400n },
          { customers: 4n, minor: 400n },
          { customers: 3n, minor: 250n },
        ],
      },
    ]);
  });
});
