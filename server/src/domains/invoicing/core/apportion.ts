/**
 * Splits an amount in proportion to weights so that the parts are the whole: each part is rounded towards zero to the
 * nano-unit, and the nanos that are left go one each to the parts that lost most by it, of equals the first.
 */
export function apportion(amount: bigint, weights: readonly bigint[]): bigint[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0n);
  if (total <= 0n) return weights.map((_, index) => (index === 0 ? amount : 0n));
  const magnitude = amount < 0n ? -amount : amount;
  const sign = amount < 0n ? -1n : 1n;
  const parts = weights.map((weight) => (magnitude * weight) / total);
  let left = magnitude - parts.reduce((sum, part) => sum + part, 0n);
  const losses = weights
    .map((weight, index) => ({ index, loss: (magnitude * weight) % total }))
    .sort((one, other) => {
      if (one.loss === other.loss) return one.index - other.index;
      return one.loss > other.loss ? -1 : 1;
    });
  for (const { index } of losses) {
    if (left === 0n) break;
    parts[index] = (parts[index] ?? 0n) + 1n;
    left -= 1n;
  }
  return parts.map((part) => sign * part);
}
