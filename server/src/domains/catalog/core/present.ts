/** Records of the catalog in the contract's words. */
import type { ModelPrice as ModelPriceAnswer, Package, Prices } from '@sluice/contract/catalog';
import type { z } from 'zod';
import { formatMinor, formatMoney, formatNanos } from '../../../platform/money.ts';
import type { ModelPrice, PriceTable } from './model-price.ts';
import { presentQuota, type StoredQuota } from './quota-terms.ts';

/** A package as it is kept. */
export interface PackageRecord {
  id: string;
  name: string;
  description: string | null;
  price_minor: bigint;
  currency: string;
  duration_days: number;
  daily_limit: bigint;
  quotas: StoredQuota[];
  sort_order: number;
  status: 'active' | 'archived';
  created_at: Date;
}

export function presentPackage(
  row: PackageRecord,
  usageCurrency: string,
): z.output<typeof Package> {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    price: formatMinor({ minor: row.price_minor, currency: row.currency }),
    currency: row.currency,
    duration_days: row.duration_days,
    daily_limit: formatMoney({ amount: row.daily_limit, currency: usageCurrency }),
    usage_currency: usageCurrency,
    quotas: row.quotas.map(presentQuota),
    sort_order: row.sort_order,
    status: row.status,
    created_at: row.created_at.toISOString(),
  };
}

export function presentModelPrice(price: ModelPrice): z.output<typeof ModelPriceAnswer> {
  return {
    id: price.id,
    model: price.model,
    currency: price.currency,
    prices: presentPrices(price.prices),
    tiers: price.tiers.map((tier) => ({
      above_input_tokens: tier.aboveInputTokens,
      prices: presentPrices(tier.prices),
    })),
    context_window: price.contextWindow,
    max_output_tokens: price.maxOutputTokens,
    effective_from: price.effectiveFrom.toISOString(),
    source: price.source,
  };
}

/** Amounts per million tokens, as decimal strings. */
export function presentPrices(prices: PriceTable): z.output<typeof Prices> {
  return Object.fromEntries(
    Object.entries(prices).map(([position, nanos]) => [position, formatNanos(nanos)]),
  ) as z.output<typeof Prices>;
}
