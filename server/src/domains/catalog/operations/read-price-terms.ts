/** A model's prices as an operator says them, checked and in nano-units. */
import type { createModelPrice as endpoint, PricePosition } from '@sluice/contract/catalog';
import type { BodyOf } from '@sluice/contract/endpoint';
import { Refusal } from '../../../platform/errors.ts';
import { parseAmount } from '../../../platform/money.ts';
import {
  type PriceTable,
  type PriceTier,
  type ServiceTierPrices,
  serviceTierNames,
} from '../core/model-price.ts';
import type { PriceTerms } from '../core/price-terms.ts';

type Said = BodyOf<typeof endpoint>;
export type PriceTermsCommand = Pick<
  Said,
  'prices' | 'tiers' | 'service_tiers' | 'context_window' | 'max_output_tokens'
>;
/** @throws Refusal `amount_out_of_range`, `rule_violated`. */
export function readPriceTerms(command: PriceTermsCommand): PriceTerms {
  const tiers = readTiers(command.tiers ?? []);
  const serviceTiers = readServiceTiers(command.service_tiers ?? {});
  if (tiers.length > 0 && Object.keys(serviceTiers).length > 0) {
    throw new Refusal(
      'rule_violated',
      'Leave the service tiers out where prices depend on the length of the input: a call would have two prices.',
      { param: 'service_tiers' },
    );
  }
  return {
    prices: readTable(command.prices, 'prices') as PriceTable,
    tiers,
    serviceTiers,
    contextWindow: command.context_window ?? null,
    maxOutputTokens: command.max_output_tokens ?? null,
  };
}

function readTiers(tiers: NonNullable<Said['tiers']>): PriceTier[] {
  const sorted = tiers
    .map((tier, index) => ({
      aboveInputTokens: tier.above_input_tokens,
      prices: readTable(tier.prices, `tiers.${index}.prices`) as PriceTable,
    }))
    .sort((a, b) => a.aboveInputTokens - b.aboveInputTokens);
  const bounds = new Set(sorted.map((tier) => tier.aboveInputTokens));
  if (bounds.size === sorted.length) return sorted;
  throw new Refusal('rule_violated', 'Give each tier a bound of its own.', { param: 'tiers' });
}

function readServiceTiers(said: NonNullable<Said['service_tiers']>): ServiceTierPrices {
  const tiers: ServiceTierPrices = {};
  for (const name of serviceTierNames) {
    const prices = said[name];
    if (prices === undefined) continue;
    const table = readTable(prices, `service_tiers.${name}`);
    if (Object.keys(table).length === 0) {
      throw new Refusal(
        'rule_violated',
        `Say which price differs when a call is served as ${name}, or leave ${name} out.`,
        { param: `service_tiers.${name}` },
      );
    }
    tiers[name] = table;
  }
  return tiers;
}

/** Dearest price per million tokens, in units: far above any real one, and its product with tokens fits a bigint. */
const unitsPerMillionMax = 1_000_000n;

function readTable(
  prices: Partial<Record<PricePosition, string | undefined>>,
  param: string,
): Partial<PriceTable> {
  const table: Partial<Record<PricePosition, bigint>> = {};
  for (const [position, text] of Object.entries(prices)) {
    if (text === undefined) continue;
    const nanos = parseAmount(text, `${param}.${position}`);
    if (nanos > unitsPerMillionMax * 1_000_000_000n) {
      throw new Refusal('amount_out_of_range', `Use a price of at most ${unitsPerMillionMax}.`, {
        param: `${param}.${position}`,
      });
    }
    table[position as PricePosition] = nanos;
  }
  return table;
}
