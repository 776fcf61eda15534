/** A model's prices, as far as rating needs them. */
import type { ServiceTier } from './usage.ts';

/** Nano-units per million tokens by position; `search` is nano-units per use, `request` per call. */
export interface Prices {
  input: bigint;
  output: bigint;
  cached_input?: bigint;
  cache_write?: bigint;
  cache_write_1h?: bigint;
  reasoning?: bigint;
  image?: bigint;
  image_output?: bigint;
  audio_input?: bigint;
  audio_output?: bigint;
  search?: bigint;
  request?: bigint;
}

/** The parts of a model price that rating needs. */
export interface Price {
  currency: string;
  prices: Prices;
  /** A tier applies to the whole call when its input has more tokens than `aboveInputTokens`. */
  tiers: readonly { aboveInputTokens: number; prices: Prices }[];
  /** What differs where a call is served so; it goes before the tiers of context length. */
  serviceTiers?: Readonly<Partial<Record<ServiceTier, Partial<Prices>>>>;
}

/** So many tokens, or uses, at one price. */
export interface Line {
  name: string;
  count: bigint;
  nanos: bigint;
}

export const tokensPerPrice = 1_000_000n;
