import type { createModelPrice as endpoint, PricePosition } from '@sluice/contract/catalog';
import type { BodyOf } from '@sluice/contract/endpoint';
import { type Context, inTransaction } from '../../../platform/context.ts';
import { notify } from '../../../platform/database/listen.ts';
import { Refusal } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import { parseAmount } from '../../../platform/money.ts';
import { recordAudit } from '../../audit/index.ts';
import type { ModelPrice, PriceTable, PriceTier } from '../core/model-price.ts';
import { presentModelPrice } from '../core/present.ts';
import { priceBookChannel } from '../price-book.ts';
import { insertModelPrices } from '../store.ts';

type Command = BodyOf<typeof endpoint>;
type PricesCommand = Command['prices'];

/**
 * Adds a version to the price book, in force from `effective_from` or at once; calls that began before keep theirs.
 * @throws Refusal `currency_unsupported`, `amount_out_of_range`, `rule_violated`.
 */
export async function createModelPrice(context: Context, command: Command): Promise<ModelPrice> {
  const now = context.clocks.business();
  const price = toModelPrice(context, command, now);
  await inTransaction(context, async (transaction) => {
    await insertModelPrices(transaction, [price], now);
    await recordAudit(context, transaction, {
      organizationId: null,
      action: 'model_price.create',
      resource: { kind: 'model_price', id: price.id },
      newValues: presentModelPrice(price),
    });
    await notify(transaction, priceBookChannel, price.model);
  });
  return price;
}

function toModelPrice(context: Context, command: Command, now: Date): ModelPrice {
  const { usageCurrency } = context.config;
  if (command.currency !== undefined && command.currency !== usageCurrency) {
    throw new Refusal(
      'currency_unsupported',
      `Give the prices in ${usageCurrency}, the usage currency.`,
      {
        param: 'currency',
      },
    );
  }
  const effectiveFrom =
    command.effective_from === undefined ? now : new Date(command.effective_from);
  if (effectiveFrom < now) {
    throw new Refusal(
      'rule_violated',
      'Calls already rated keep their price: let it begin now or later.',
      {
        param: 'effective_from',
      },
    );
  }
  return {
    id: newId('mpr', now),
    model: command.model,
    currency: usageCurrency,
    prices: toPriceTable(command.prices, 'prices'),
    tiers: toTiers(command.tiers ?? []),
    contextWindow: command.context_window ?? null,
    maxOutputTokens: command.max_output_tokens ?? null,
    effectiveFrom,
    source: 'operator',
  };
}

function toTiers(tiers: NonNullable<Command['tiers']>): PriceTier[] {
  const sorted = tiers
    .map((tier, index) => ({
      aboveInputTokens: tier.above_input_tokens,
      prices: toPriceTable(tier.prices, `tiers.${index}.prices`),
    }))
    .sort((a, b) => a.aboveInputTokens - b.aboveInputTokens);
  const bounds = new Set(sorted.map((tier) => tier.aboveInputTokens));
  if (bounds.size === sorted.length) return sorted;
  throw new Refusal('rule_violated', 'Give each tier a bound of its own.', { param: 'tiers' });
}

/** Dearest price per million tokens, in units: far above any real one, and its product with tokens fits a bigint. */
const unitsPerMillionMax = 1_000_000n;

function toPriceTable(prices: PricesCommand, param: string): PriceTable {
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
  return table as PriceTable;
}
