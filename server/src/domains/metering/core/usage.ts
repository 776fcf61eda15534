/** What a call used, in the terms of every dialect. */
export interface Usage {
  /** All input, the cached and the cache-written part included. */
  inputTokens: number;
  cachedInputTokens: number;
  /** Every write, whatever it is kept for. */
  cacheWriteTokens: number;
  /** Of the cache writes, those that are kept for an hour. */
  cacheWrite1hTokens?: number;
  /** Of the input. */
  audioInputTokens?: number;
  /** Of the input. */
  imageInputTokens?: number;
  /** All output, reasoning included. */
  outputTokens: number;
  reasoningTokens: number;
  /** Of the output. */
  audioOutputTokens?: number;
  /** Of the output. */
  imageOutputTokens?: number;
  /** Web searches that the upstream ran: paid per use. */
  searches?: number;
  /** The tier that the upstream says it served; undefined for the usual one. */
  serviceTier?: ServiceTier;
  /** Counted here, because the upstream reported nothing. */
  estimated: boolean;
}

/** Ways of serving with prices of their own. */
export type ServiceTier = 'batch' | 'flex' | 'priority';

/** Why a call ended. */
export type Outcome = 'completed' | 'aborted' | 'upstream_error';
