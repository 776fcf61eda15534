import type { createModelPrice as endpoint } from '@sluice/contract/catalog';
import type { BodyOf } from '@sluice/contract/endpoint';
import { type Context, inTransaction } from '../../../platform/context.ts';
import { notify } from '../../../platform/database/listen.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { Refusal } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import { recordAudit } from '../../audit/index.ts';
import type { ModelPrice } from '../core/model-price.ts';
import { presentModelPrice } from '../core/present.ts';
import { priceBookChannel } from '../price-book.ts';
import { insertModelPrices } from '../store.ts';
import { readEffectiveFrom } from './read-effective-from.ts';
import { readPriceTerms } from './read-price-terms.ts';

type Command = BodyOf<typeof endpoint>;

/**
 * Adds a version to the price book, in force from `effective_from` or at once; calls that began before keep theirs.
 * @throws Refusal `currency_unsupported`, `amount_out_of_range`, `rule_violated`.
 */
export async function createModelPrice(context: Context, command: Command): Promise<ModelPrice> {
  return inTransaction(context, (transaction) =>
    createModelPriceWithin(context, transaction, command),
  );
}

/** As `createModelPrice`, within the transaction of a larger change. */
export async function createModelPriceWithin(
  context: Context,
  transaction: Transaction,
  command: Command,
): Promise<ModelPrice> {
  const now = context.clocks.business();
  const price = toModelPrice(context, command, now);
  await insertModelPrices(transaction, [price], now);
  await recordAudit(context, transaction, {
    organizationId: null,
    action: 'model_price.create',
    resource: { kind: 'model_price', id: price.id },
    newValues: presentModelPrice(price),
  });
  await notify(transaction, priceBookChannel, price.model);
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
  const effectiveFrom = readEffectiveFrom(command.effective_from, now);
  return {
    id: newId('mpr', now),
    model: command.model,
    currency: usageCurrency,
    ...readPriceTerms(command),
    effectiveFrom,
    source: 'operator',
  };
}
