/** Points of many days become one row for each group, the dearest first. */
import type { Answer } from '../../api/call.ts';
import { fromNanos, toNanos } from '../../ui/decimal.ts';

type Point = Answer<'getUsage'>['data'][number];

export interface GroupSum {
  name: string;
  calls: number;
  inputTokens: number;
  outputTokens: number;
  amount: string;
  /** 0 to 1; null where nothing was called. */
  successRate: number | null;
  latencyMs: number | null;
  firstTokenMs: number | null;
}

export function sumGroups(points: readonly Point[], group: string): GroupSum[] {
  const byName = new Map<string, Point[]>();
  for (const point of points) {
    const name = point.group[group] ?? '';
    byName.set(name, [...(byName.get(name) ?? []), point]);
  }
  return [...byName]
    .map(([name, own]) => sumOf(name, own))
    .toSorted((one, other) => Number(toNanos(other.amount) - toNanos(one.amount)));
}

function sumOf(name: string, points: readonly Point[]): GroupSum {
  const total = (value: (point: Point) => number) =>
    points.reduce((sum, point) => sum + value(point), 0);
  const amount = points.reduce((sum, point) => sum + toNanos(point.amount), 0n);
  return {
    name,
    calls: total(({ calls }) => calls),
    inputTokens: total(({ input_tokens }) => input_tokens),
    outputTokens: total(({ output_tokens }) => output_tokens),
    amount: fromNanos(amount),
    successRate: meanOf(points, ({ success_rate }) => success_rate),
    latencyMs: meanOf(points, ({ latency_ms }) => latency_ms),
    firstTokenMs: meanOf(points, ({ first_token_ms }) => first_token_ms),
  };
}

/** Weighted by calls, over the points that have a value. */
function meanOf(points: readonly Point[], value: (point: Point) => number | null): number | null {
  const known = points.flatMap((point) => {
    const own = value(point);
    return own === null ? [] : [{ own, calls: point.calls }];
  });
  const calls = known.reduce((sum, one) => sum + one.calls, 0);
  if (calls === 0) return null;
  return known.reduce((sum, one) => sum + one.own * one.calls, 0) / calls;
}
