import type { ModelPrice } from './model-price.ts';

/** What a version says of a model's prices, without when and by whom. */
export type PriceTerms = Pick<
  ModelPrice,
  'prices' | 'tiers' | 'serviceTiers' | 'contextWindow' | 'maxOutputTokens'
>;
