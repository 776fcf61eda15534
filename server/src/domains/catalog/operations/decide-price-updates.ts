/** What an operator makes of the published prices: nothing is applied without one. */
import type { BodyOf } from '@sluice/contract/endpoint';
import type { acceptPriceUpdates as acceptEndpoint } from '@sluice/contract/price-updates';
import { type Context, inTransaction } from '../../../platform/context.ts';
import { notify } from '../../../platform/database/listen.ts';
import type { Executor } from '../../../platform/database/pool.ts';
import { Refusal } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import { recordAudit } from '../../audit/index.ts';
import type { ModelPrice } from '../core/model-price.ts';
import { presentModelPrice } from '../core/present.ts';
import { findUpdates, type PriceUpdate } from '../core/price-update.ts';
import { datasetCurrency, readDataset } from '../dataset-source.ts';
import { priceBookChannel } from '../price-book.ts';
import {
  insertModelPrices,
  insertRefusedUpdates,
  loadModelPrices,
  loadRefusedUpdates,
  lockPriceUpdates,
} from '../store.ts';
import { type PriceTermsCommand, readPriceTerms } from './read-price-terms.ts';

/** All differences that nobody refused; the list is in US dollars, so elsewhere there are none. */
export async function readPriceUpdates(context: Context): Promise<PriceUpdate[]> {
  const { updates } = await compareNow(context, context.database);
  const refused = await loadRefusedUpdates(context.database);
  return updates.filter(({ id }) => !refused.has(id));
}

async function compareNow(context: Context, executor: Executor) {
  const now = context.clocks.business();
  const book = Map.groupBy(await loadModelPrices(executor), ({ model }) => model);
  if (context.config.usageCurrency !== datasetCurrency) return { book, updates: [] };
  const published = Map.groupBy(await readDataset(now), ({ model }) => model);
  return { book, updates: findUpdates(book, published, now) };
}

/**
 * Puts published prices, as they are or edited, into the book.
 * @throws Refusal `conflict` where a difference is no longer what was shown; `rule_violated`.
 */
export async function acceptPriceUpdates(
  context: Context,
  { updates: accepted }: BodyOf<typeof acceptEndpoint>,
): Promise<ModelPrice[]> {
  const now = context.clocks.business();
  if (new Set(accepted.map(({ id }) => id)).size < accepted.length) {
    throw new Refusal('rule_violated', 'Name each update once.', { param: 'updates' });
  }
  return inTransaction(context, async (transaction) => {
    await lockPriceUpdates(transaction);
    const { book, updates } = await compareNow(context, transaction);
    const find = finderIn(updates);
    const made = accepted.map(({ id, price }, index) => {
      const update = find(id, `updates.${index}.id`);
      return versionOf(update, { book, now, edited: price });
    });
    await insertModelPrices(transaction, made, now);
    for (const price of made) {
      await recordAudit(context, transaction, {
        organizationId: null,
        action: 'model_price.create',
        resource: { kind: 'model_price', id: price.id },
        newValues: presentModelPrice(price),
      });
    }
    await notify(transaction, priceBookChannel, '*');
    return made;
  });
}

/** Leaves prices as they are, and shows exactly these differences no more. @throws Refusal `conflict`. */
export async function refusePriceUpdates(context: Context, ids: readonly string[]): Promise<void> {
  await inTransaction(context, async (transaction) => {
    await lockPriceUpdates(transaction);
    const find = finderIn((await compareNow(context, transaction)).updates);
    const refused = [...new Set(ids)].map((id, index) => find(id, `updates.${index}`));
    await insertRefusedUpdates(transaction, refused, context.clocks.business());
    for (const { id, model, kind } of refused) {
      await recordAudit(context, transaction, {
        organizationId: null,
        action: 'price_update.refuse',
        resource: { kind: 'price_update', id },
        newValues: { model, kind },
      });
    }
  });
}

function finderIn(updates: readonly PriceUpdate[]) {
  const byId = new Map(updates.map((update) => [update.id, update]));
  return (id: string, param: string): PriceUpdate => {
    const update = byId.get(id);
    if (update) return update;
    const sentence = 'Prices have changed since this list was read: read it again, then decide.';
    throw new Refusal('conflict', sentence, { param });
  };
}

interface Accepting {
  book: ReadonlyMap<string, readonly ModelPrice[]>;
  now: Date;
  edited: PriceTermsCommand | undefined;
}

function versionOf(update: PriceUpdate, { book, now, edited }: Accepting): ModelPrice {
  const { model, before, after } = update;
  if (!after) {
    const sentence = `The list names "${model}" no longer: keep its price, or set another one.`;
    throw new Refusal('rule_violated', sentence, { param: 'updates' });
  }
  const effectiveFrom = update.effectiveFrom ?? now;
  const isTaken = (book.get(model) ?? []).some(
    (version) =>
      version.source === 'dataset' && version.effectiveFrom.getTime() === effectiveFrom.getTime(),
  );
  // An operator's version holds before every one of the list, so that what follows it is one, too.
  const isOperators = edited !== undefined || before?.source === 'operator' || isTaken;
  return {
    ...(edited ? readPriceTerms(edited) : after),
    id: newId('mpr', now),
    model,
    currency: datasetCurrency,
    effectiveFrom,
    source: isOperators ? 'operator' : 'dataset',
  };
}
