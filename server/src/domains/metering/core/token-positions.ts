/** Tokens by the positions of a price table: each token once, where its own price is, or with what it is part of. */

export interface TokenSums {
  /** All input, the cached and the cache-written part included. */
  inputTokens: bigint;
  cachedInputTokens: bigint;
  cacheWriteTokens: bigint;
  /** All output, reasoning included. */
  outputTokens: bigint;
  reasoningTokens: bigint;
}

/** How many tokens each of the positions is charged for. A part without a price of its own stays in its whole. */
export function tokensByPosition(
  sums: TokenSums,
  positions: readonly string[],
): Record<string, bigint> {
  const isPriced = (position: string) => positions.includes(position);
  const cached = isPriced('cached_input') ? least(sums.cachedInputTokens, sums.inputTokens) : 0n;
  const written = isPriced('cache_write')
    ? least(sums.cacheWriteTokens, sums.inputTokens - cached)
    : 0n;
  const reasoning = isPriced('reasoning') ? least(sums.reasoningTokens, sums.outputTokens) : 0n;
  return {
    input: sums.inputTokens - cached - written,
    cached_input: cached,
    cache_write: written,
    output: sums.outputTokens - reasoning,
    reasoning,
  };
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
