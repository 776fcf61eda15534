/** Sums weighted by time: what stood, times how long it stood, over the whole length of the interval. */
import { divideHalfUp } from '../../../platform/money.ts';

export interface Change {
  at: Date;
  quantity: bigint;
}

export interface Span {
  from: Date;
  to: Date;
}

/**
 * In billionths of the quantity's parts. `standing` is what stood at the beginning, and `changes` are in the order of
 * their happening, all of them within the span.
 */
export function weightedSum(
  standing: bigint,
  changes: readonly Change[],
  { from, to }: Span,
): bigint {
  let level = standing;
  let since = from.getTime();
  let sum = 0n;
  for (const { at, quantity } of changes) {
    sum += level * BigInt(at.getTime() - since);
    level += quantity;
    since = at.getTime();
  }
  sum += level * BigInt(to.getTime() - since);
  const length = BigInt(to.getTime() - from.getTime());
  const scaled = sum * billion;
  return scaled < 0n ? -divideHalfUp(-scaled, length) : divideHalfUp(scaled, length);
}

const billion = 1_000_000_000n;
