/** What was spent by each, in two ranges: one row for whoever spent in either, the dearest first. */
import type { Answer } from '../../api/call.ts';
import { fromNanos, toNanos } from '../../ui/decimal.ts';

type Usage = Answer<'getUsage'>;

export interface SplitRow {
  /** Empty for what is of none. */
  id: string;
  name: string;
  amount: string;
  previous: string;
  calls: number;
  /** Of all that was spent, 0 to 1. */
  share: number;
  /** Against the range before, 0.5 for half as much again; null where nothing was spent then. */
  change: number | null;
}

export function splitRows(
  current: Usage,
  previous: Usage,
  group: string,
): { rows: SplitRow[]; total: SplitRow } {
  const names = { ...previous.names, ...current.names };
  const now = sumsOf(current, group);
  const before = sumsOf(previous, group);
  const total = sum(now);
  const rows = [...new Set([...now.keys(), ...before.keys()])].map((id) =>
    rowOf(id, names[id] ?? id, { now: now.get(id), before: before.get(id), total }),
  );
  const whole = {
    amount: total,
    calls: [...now.values()].reduce((all, one) => all + one.calls, 0),
  };
  return {
    rows: rows.toSorted((one, other) => Number(toNanos(other.amount) - toNanos(one.amount))),
    total: rowOf('', '', { now: whole, before: { amount: sum(before), calls: 0 }, total }),
  };
}

interface Sum {
  amount: bigint;
  calls: number;
}

function sumsOf({ data }: Usage, group: string): Map<string, Sum> {
  const sums = new Map<string, Sum>();
  for (const point of data) {
    const id = point.group[group] ?? '';
    const { amount, calls } = sums.get(id) ?? { amount: 0n, calls: 0 };
    sums.set(id, { amount: amount + toNanos(point.amount), calls: calls + point.calls });
  }
  return sums;
}

function sum(sums: ReadonlyMap<string, Sum>): bigint {
  return [...sums.values()].reduce((total, { amount }) => total + amount, 0n);
}

function rowOf(
  id: string,
  name: string,
  of: { now: Sum | undefined; before: Sum | undefined; total: bigint },
): SplitRow {
  const amount = of.now?.amount ?? 0n;
  const previous = of.before?.amount ?? 0n;
  return {
    ...{ id, name, calls: of.now?.calls ?? 0 },
    amount: fromNanos(amount),
    previous: fromNanos(previous),
    share: of.total === 0n ? 0 : Number(amount) / Number(of.total),
    change: previous === 0n ? null : Number(amount - previous) / Number(previous),
  };
}
