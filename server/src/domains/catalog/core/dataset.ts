/** Reads the public price dataset as versions of our price book. Its prices are US dollars per million tokens. */
import { AmountNotNegative } from '@sluice/contract/amounts';
import type { PricePosition } from '@sluice/contract/catalog';
import { parseNanos } from '../../../platform/money.ts';
import { publishedMaxOutputTokens } from './max-output-tokens.ts';
import type { PriceTable, PriceTier, ServiceTierPrices } from './model-price.ts';

/** The shape of the dataset, as far as it is read here. */
export interface DatasetModel {
  id: string;
  match?: unknown;
  context_window?: number;
  prices: DatasetPrices | DatasetConditionalPrices[];
}
type DatasetPrices = Record<string, number | DatasetTiers | undefined>;
interface DatasetTiers {
  base: number;
  tiers: { start: number; price: number }[];
}
interface DatasetConditionalPrices {
  constraint?: { type: string; start_date?: string };
  prices: DatasetPrices;
}

export interface DatasetVersion {
  model: string;
  prices: PriceTable;
  tiers: PriceTier[];
  /** The dataset has none. */
  serviceTiers: ServiceTierPrices;
  contextWindow: number | null;
  maxOutputTokens: number | null;
  effectiveFrom: Date;
}

const positions: readonly (readonly [key: string, position: PricePosition])[] = [
  ['input_mtok', 'input'],
  ['cache_read_mtok', 'cached_input'],
  ['cache_write_mtok', 'cache_write'],
  ['cache_write_1h_mtok', 'cache_write_1h'],
  ['output_mtok', 'output'],
  ['input_image_mtok', 'image'],
  ['output_image_mtok', 'image_output'],
  ['input_audio_mtok', 'audio_input'],
  ['output_audio_mtok', 'audio_output'],
];
const alwaysInForce = new Date(0);

/** Every version the dataset gives for a model, under its id and each exact name that it goes by. */
export function versionsOf(entry: DatasetModel): DatasetVersion[] {
  const dated = Array.isArray(entry.prices) ? entry.prices : [{ prices: entry.prices }];
  // A price that depends on the hour of the day has no single truth here: the operator sets such a model.
  if (dated.some(({ constraint }) => constraint && constraint.type !== 'start_date')) return [];
  return namesOf(entry).flatMap((model) =>
    dated.flatMap((version) => {
      const prices = pricesAt(version.prices, 0);
      if (!prices) return [];
      const start = 'constraint' in version ? version.constraint?.start_date : undefined;
      return [
        {
          model,
          prices,
          tiers: tiersOf(version.prices),
          serviceTiers: {},
          contextWindow: entry.context_window ?? null,
          maxOutputTokens: publishedMaxOutputTokens(model),
          effectiveFrom: start === undefined ? alwaysInForce : new Date(`${start}T00:00:00Z`),
        },
      ];
    }),
  );
}

function namesOf(entry: DatasetModel): string[] {
  const names = new Set([entry.id]);
  const collect = (match: unknown): void => {
    if (typeof match !== 'object' || match === null) return;
    if ('equals' in match && typeof match.equals === 'string') names.add(match.equals);
    if ('or' in match && Array.isArray(match.or)) match.or.forEach(collect);
  };
  collect(entry.match);
  return [...names];
}

/** The prices of a call with more than `aboveInputTokens` input tokens; undefined where input is not priced. */
function pricesAt(source: DatasetPrices, aboveInputTokens: number): PriceTable | undefined {
  const table: Partial<Record<PricePosition, bigint>> = {};
  for (const [key, position] of positions) {
    const price = source[key];
    if (price !== undefined) table[position] = nanosOf(priceAt(price, aboveInputTokens));
  }
  if (table.input === undefined) return undefined;
  const searches = source.web_searches_kcount;
  if (searches !== undefined) {
    // Of a thousand; no vendor's price of one has more than nine decimals.
    table.search = nanosOf(priceAt(searches, aboveInputTokens)) / 1000n;
  }
  return { ...table, input: table.input, output: table.output ?? 0n };
}

function priceAt(price: number | DatasetTiers, aboveInputTokens: number): number {
  if (typeof price === 'number') return price;
  const reached = price.tiers.filter((tier) => tier.start <= aboveInputTokens);
  return reached.reduce((best, tier) => (tier.start > best.start ? tier : best), {
    start: -1,
    price: price.base,
  }).price;
}

function tiersOf(source: DatasetPrices): PriceTier[] {
  const starts = new Set<number>();
  for (const price of Object.values(source)) {
    if (typeof price === 'object') for (const tier of price.tiers) starts.add(tier.start);
  }
  return [...starts]
    .sort((a, b) => a - b)
    .flatMap((start) => {
      const prices = pricesAt(source, start);
      return prices ? [{ aboveInputTokens: start, prices }] : [];
    });
}

function nanosOf(price: number): bigint {
  return parseNanos(AmountNotNegative.parse(price));
}
