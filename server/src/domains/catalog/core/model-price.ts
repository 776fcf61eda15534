/** A version of a model's prices, and which version is in force. */
import type { PricePosition } from '@sluice/contract/catalog';

/** Nano-units per million tokens by position; `request` is nano-units per call, `search` per search. */
export type PriceTable = { input: bigint; output: bigint } & { [P in PricePosition]?: bigint };

export interface PriceTier {
  /** The tier applies to the whole call when its input has more tokens than this. */
  aboveInputTokens: number;
  prices: PriceTable;
}

/** Ways of serving with prices of their own. */
export const serviceTierNames = ['flex', 'priority', 'batch'] as const;
export type ServiceTierName = (typeof serviceTierNames)[number];

/** What differs for calls that are served so. */
export type ServiceTierPrices = { [T in ServiceTierName]?: Partial<PriceTable> };

/** One immutable version in the price book: its id is a snapshot. */
export interface ModelPrice {
  id: string;
  model: string;
  currency: string;
  prices: PriceTable;
  /** Ascending by `aboveInputTokens`. */
  tiers: PriceTier[];
  /** Only where there are no tiers of context length. */
  serviceTiers: ServiceTierPrices;
  contextWindow: number | null;
  maxOutputTokens: number | null;
  effectiveFrom: Date;
  source: 'operator' | 'dataset';
}

/**
 * The version in force at an instant: an operator's wins over the dataset's, then the later one.
 * `versions` are of one model.
 */
export function priceInForce(versions: readonly ModelPrice[], at: Date): ModelPrice | undefined {
  let best: ModelPrice | undefined;
  for (const version of versions) {
    if (version.effectiveFrom > at) continue;
    if (best === undefined || overrides(version, best)) best = version;
  }
  return best;
}

function overrides(version: ModelPrice, other: ModelPrice): boolean {
  if (version.source !== other.source) return version.source === 'operator';
  const difference = version.effectiveFrom.getTime() - other.effectiveFrom.getTime();
  return difference === 0 ? version.id > other.id : difference > 0;
}
