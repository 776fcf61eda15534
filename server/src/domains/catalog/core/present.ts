/** Records of the catalog in the contract's words. */
import type {
  ModelPrice as ModelPriceAnswer,
  OfferedModel,
  Package,
  Prices,
} from '@sluice/contract/catalog';
import type { z } from 'zod';
import { formatMinor, formatMoney, formatNanos } from '../../../platform/money.ts';
import { formatMultiplier } from '../../../platform/multiplier.ts';
import type { ModelPrice, PriceTable } from './model-price.ts';
import type { PriceTerms } from './price-terms.ts';
import { presentQuota, type StoredQuota } from './quota-terms.ts';
import { vendorOf } from './vendor.ts';

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
    ...presentTerms(price),
    effective_from: price.effectiveFrom.toISOString(),
    source: price.source,
  };
}

export function presentTerms(terms: PriceTerms) {
  return {
    prices: presentPrices(terms.prices),
    tiers: terms.tiers.map((tier) => ({
      above_input_tokens: tier.aboveInputTokens,
      prices: presentPrices(tier.prices),
    })),
    service_tiers: Object.fromEntries(
      Object.entries(terms.serviceTiers).map(([tier, prices]) => [tier, presentSome(prices)]),
    ),
    context_window: terms.contextWindow,
    max_output_tokens: terms.maxOutputTokens,
  };
}

/** A model as who may call it sees it: its prices are multiplied already. */
export function presentOfferedModel(
  price: ModelPrice,
  { multiplier, group }: { multiplier: bigint; group: { slug: string; name: string } | undefined },
): z.output<typeof OfferedModel> {
  return {
    ...presentModelPrice(price),
    vendor: vendorOf(price.model),
    group: group ? { slug: group.slug, name: group.name } : null,
    multiplier: formatMultiplier(multiplier),
  };
}

/** Amounts per million tokens, as decimal strings. */
export function presentPrices(prices: PriceTable): z.output<typeof Prices> {
  return presentSome(prices) as z.output<typeof Prices>;
}

function presentSome(prices: Partial<PriceTable>): Partial<z.output<typeof Prices>> {
  return Object.fromEntries(
    Object.entries(prices).map(([position, nanos]) => [position, formatNanos(nanos)]),
  );
}
