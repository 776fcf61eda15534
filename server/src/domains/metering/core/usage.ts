/** What a call used, in the terms of every dialect. */
export interface Usage {
  /** All input, the cached and the cache-written part included. */
  inputTokens: number;
  cachedInputTokens: number;
  cacheWriteTokens: number;
  /** All output, reasoning included. */
  outputTokens: number;
  reasoningTokens: number;
  /** Counted here, because the upstream reported nothing. */
  estimated: boolean;
}

/** Why a call ended. */
export type Outcome = 'completed' | 'aborted' | 'upstream_error';
