/** What is left of what calls bring once their upstreams are paid. Amounts are nano-units of one currency. */
export interface MarginFigures {
  calls: bigint;
  value: bigint;
  /** Earned of the customer; of a model or channel nobody can say. */
  revenue: bigint | null;
  cost: bigint;
  uncostedCalls: bigint;
  uncostedValue: bigint;
}

export interface MarginRow extends MarginFigures {
  key: string;
}

/** Shown in each currency; the rest is one line. */
export const rowsShown = 100;

export interface MarginSplit {
  currency: string;
  shown: MarginRow[];
  /** How many are not shown. */
  others: number;
  total: MarginFigures;
}

/**
 * Of a customer all that was earned less the known cost; otherwise the value of the calls whose cost is known, less it: a
 * call without a known cost would look like pure profit.
 */
export function marginOf({ value, revenue, cost, uncostedValue }: MarginFigures): {
  margin: bigint;
  base: bigint;
} {
  const base = revenue ?? value - uncostedValue;
  return { margin: base - cost, base };
}

export function addMargins(rows: readonly MarginFigures[]): MarginFigures {
  const sum = (of: (row: MarginFigures) => bigint) => rows.reduce((so, row) => so + of(row), 0n);
  const isOfCustomers = rows.some(({ revenue }) => revenue !== null);
  return {
    calls: sum(({ calls }) => calls),
    value: sum(({ value }) => value),
    revenue: isOfCustomers ? sum(({ revenue }) => revenue ?? 0n) : null,
    cost: sum(({ cost }) => cost),
    uncostedCalls: sum(({ uncostedCalls }) => uncostedCalls),
    uncostedValue: sum(({ uncostedValue }) => uncostedValue),
  };
}

export function subtractMargins(a: MarginFigures, b: MarginFigures): MarginFigures {
  return {
    calls: a.calls - b.calls,
    value: a.value - b.value,
    revenue: a.revenue === null ? null : a.revenue - (b.revenue ?? 0n),
    cost: a.cost - b.cost,
    uncostedCalls: a.uncostedCalls - b.uncostedCalls,
    uncostedValue: a.uncostedValue - b.uncostedValue,
  };
}

/** The first so many in that order, and what all others come to. */
export function firstRows(
  rows: readonly MarginRow[],
  { order, max }: { order: 'most' | 'least_margin'; max: number },
): { shown: MarginRow[]; others: MarginRow[] } {
  const size = ({ revenue, value }: MarginFigures) => revenue ?? value;
  const sorted = rows.toSorted((a, b) =>
    order === 'most'
      ? compare(size(b), size(a)) || compareKeys(a, b)
      : compare(marginOf(a).margin, marginOf(b).margin) || compareKeys(a, b),
  );
  return { shown: sorted.slice(0, max), others: sorted.slice(max) };
}

const compare = (a: bigint, b: bigint): number => (a === b ? 0 : a < b ? -1 : 1);
const compareKeys = (a: MarginRow, b: MarginRow): number => (a.key < b.key ? -1 : 1);
