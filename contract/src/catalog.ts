/** What is sold: packages with a daily allowance, and models with their prices. */
import { z } from 'zod';
import { Amount, AmountNotNegative, AmountPositive, Currency } from './amounts.ts';
import { IdParams, Instant, InstantInput, nameOf, PageQuery, pageOf } from './conventions.ts';
import { endpoint } from './endpoint.ts';
import { Multiplier } from './model-groups.ts';
import { QuotasInput, QuotaTerms } from './plans.ts';

export const Package = z
  .object({
    id: z.string(),
    name: z.string(),
    description: z.string().nullable(),
    price: Amount,
    currency: Currency,
    duration_days: z.number().int(),
    daily_limit: Amount.meta({ description: 'Allowance of each day, in the usage currency.' }),
    usage_currency: Currency,
    quotas: z
      .array(QuotaTerms)
      .meta({ description: 'Added to what the plan gives, while the package lasts.' }),
    sort_order: z.number().int(),
    status: z.enum(['active', 'archived']),
    created_at: Instant,
  })
  .meta({ id: 'Package' });

const PackageFields = {
  name: nameOf('package'),
  description: z.string().trim().max(2000).nullable().optional(),
  price: AmountNotNegative,
  currency: Currency.optional(),
  duration_days: z.number().int().min(1, 'A package lasts at least one day.').max(3660),
  daily_limit: AmountPositive,
  quotas: QuotasInput.optional(),
  sort_order: z.number().int().min(-1_000_000).max(1_000_000).optional(),
};

export const listPackages = endpoint({
  operation: 'listPackages',
  method: 'GET',
  path: '/api/v1/packages',
  summary: 'Packages on sale, in the order that the operator gave them.',
  query: PageQuery,
  answer: pageOf(Package),
});

export const searchPackages = endpoint({
  operation: 'searchPackages',
  method: 'GET',
  path: '/api/v1/admin/packages',
  summary: 'All packages, archived ones too.',
  query: PageQuery.extend({ status: z.enum(['active', 'archived']).optional() }),
  answer: pageOf(Package),
});

export const getPackage = endpoint({
  operation: 'getPackage',
  method: 'GET',
  path: '/api/v1/admin/packages/{id}',
  summary: 'One package.',
  params: IdParams,
  answer: Package,
});

export const createPackage = endpoint({
  operation: 'createPackage',
  method: 'POST',
  path: '/api/v1/admin/packages',
  summary: 'Puts a package on sale.',
  body: z.strictObject(PackageFields),
  answer: Package,
  status: 201,
  idempotent: true,
  refusals: ['currency_unsupported', 'amount_out_of_range', 'meter_unknown', 'rule_violated'],
  example: {
    name: 'Starter',
    price: 30.0,
    currency: 'CNY',
    duration_days: 30,
    daily_limit: 5.0,
    sort_order: 1,
  },
});

export const updatePackage = endpoint({
  operation: 'updatePackage',
  method: 'PATCH',
  path: '/api/v1/admin/packages/{id}',
  summary: 'Changes a package for those who buy it from now on, or takes it off sale.',
  params: IdParams,
  body: z.strictObject({ ...PackageFields, status: z.enum(['active', 'archived']) }).partial(),
  answer: Package,
  refusals: ['currency_unsupported', 'amount_out_of_range', 'meter_unknown', 'rule_violated'],
});

export const deletePackage = endpoint({
  operation: 'deletePackage',
  method: 'DELETE',
  path: '/api/v1/admin/packages/{id}',
  summary: 'Takes a package off sale; those who bought it keep it.',
  params: IdParams,
  status: 204,
});

const pricePositions = [
  'input',
  'cached_input',
  'cache_write',
  'cache_write_1h',
  'output',
  'reasoning',
  'image',
  'image_output',
  'audio_input',
  'audio_output',
  'request',
  'search',
] as const;
export type PricePosition = (typeof pricePositions)[number];

function pricesOf<T extends z.ZodType>(amount: T) {
  return z.strictObject({
    input: amount,
    cached_input: amount.optional(),
    cache_write: amount.optional(),
    cache_write_1h: amount.optional(),
    output: amount,
    reasoning: amount.optional(),
    image: amount.optional(),
    image_output: amount.optional(),
    audio_input: amount.optional(),
    audio_output: amount.optional(),
    request: amount.optional(),
    search: amount.optional(),
  });
}

/** Amounts per million tokens; `request` is per call, `search` per search. */
export const Prices = pricesOf(Amount).meta({
  id: 'Prices',
  description: 'Per million tokens; `request` is per call, `search` per web search.',
});
export const PricesInput = pricesOf(AmountNotNegative);
const tierOf = <T extends z.ZodType>(prices: T) =>
  z.strictObject({ above_input_tokens: z.number().int().min(1), prices });

/** Ways of serving that a caller may ask for, at prices of their own. */
const serviceTiersOf = <T extends z.ZodType>(prices: T) =>
  z.strictObject({
    flex: prices.optional(),
    priority: prices.optional(),
    batch: prices.optional(),
  });
const ServiceTiers = serviceTiersOf(Prices.partial()).meta({
  description: 'What differs for calls that are served so; what is left out costs as usual.',
});

/** What an operator may say of a model's prices. */
export const PriceTermsInput = {
  prices: PricesInput,
  tiers: z.array(tierOf(PricesInput)).max(10).optional(),
  service_tiers: serviceTiersOf(PricesInput.partial()).optional(),
  context_window: z.number().int().min(1).max(100_000_000).nullable().optional(),
  max_output_tokens: z.number().int().min(1).max(100_000_000).nullable().optional(),
};

/** What a version says of a model's prices. */
export const PriceTerms = {
  prices: Prices,
  tiers: z.array(tierOf(Prices)),
  service_tiers: ServiceTiers,
  context_window: z.number().int().nullable(),
  max_output_tokens: z.number().int().nullable(),
};

export const ModelPrice = z
  .object({
    id: z.string(),
    model: z.string(),
    currency: Currency,
    ...PriceTerms,
    effective_from: Instant,
    source: z.enum(['operator', 'dataset']),
  })
  .meta({ id: 'ModelPrice' });

const Vendor = z.enum(['openai', 'anthropic', 'google']);

export const OfferedModel = ModelPrice.extend({
  vendor: Vendor.nullable().meta({ description: 'Who makes it, as far as its name tells.' }),
  group: z.object({ slug: z.string(), name: z.string() }).nullable(),
  multiplier: Multiplier.meta({ description: 'The prices are with it already.' }),
}).meta({ id: 'OfferedModel' });

export const listModels = endpoint({
  operation: 'listModels',
  method: 'GET',
  path: '/api/v1/models',
  summary:
    'Models that can be called now, with what they cost the caller per million tokens; or anyone, who has not signed in.',
  query: PageQuery.extend({ q: z.string().max(200).optional(), vendor: Vendor.optional() }),
  answer: pageOf(OfferedModel),
});

export const searchModelPrices = endpoint({
  operation: 'searchModelPrices',
  method: 'GET',
  path: '/api/v1/admin/models',
  summary: 'The price book: the version in force of each model, or every version of one.',
  query: PageQuery.extend({
    q: z.string().max(200).optional(),
    model: z.string().max(200).optional(),
  }),
  answer: pageOf(ModelPrice),
});

export const createModelPrice = endpoint({
  operation: 'createModelPrice',
  method: 'POST',
  path: '/api/v1/admin/models',
  summary:
    'Adds a version to the price book, in force for calls that begin after the answer or at `effective_from`.',
  body: z.strictObject({
    model: z.string().trim().min(1).max(200),
    currency: Currency.optional(),
    ...PriceTermsInput,
    effective_from: InstantInput.optional(),
  }),
  answer: ModelPrice,
  status: 201,
  idempotent: true,
  refusals: ['currency_unsupported', 'amount_out_of_range', 'rule_violated'],
  example: {
    model: 'gpt-4o-mini',
    currency: 'USD',
    prices: { input: '0.15', cached_input: '0.075', output: '0.60' },
    context_window: 128000,
    max_output_tokens: 16384,
  },
});
