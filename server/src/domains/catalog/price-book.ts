/** The price book in a process's memory: read whole, reloaded when any process adds a version. */
import type { Platform } from '../../platform/context.ts';
import { type ModelPrice, priceInForce } from './core/model-price.ts';
import { createModelGroupBook, type ModelGroupBook } from './model-group-book.ts';
import { loadModelPrices } from './store.ts';

/** Channel on which a new version is made known to every process. */
export const priceBookChannel = 'catalog_model_prices';

export interface PriceBook {
  /** The version in force for a call that begins at `at`; undefined where the model has no price. */
  priceOf(model: string, at: Date): ModelPrice | undefined;
  /** Every model with a price at `at`, by name. */
  models(at: Date): ModelPrice[];
  /** Which models are priced together, and what their prices are multiplied by. */
  groups: ModelGroupBook;
  /** Reads the book anew; the process that changed it calls this before it answers. */
  load(): Promise<void>;
}

export async function createPriceBook(platform: Platform): Promise<PriceBook> {
  const groups = await createModelGroupBook(platform);
  let byModel = new Map<string, ModelPrice[]>();
  let loading: Promise<void> = Promise.resolve();

  async function read(): Promise<void> {
    const next = new Map<string, ModelPrice[]>();
    for (const price of await loadModelPrices(platform.database)) {
      const versions = next.get(price.model);
      if (versions) versions.push(price);
      else next.set(price.model, [price]);
    }
    byModel = next;
  }
  // One after the other, so that an older reading never replaces a newer one.
  const load = () => {
    loading = loading.catch(() => undefined).then(read);
    return loading;
  };
  const reload = () => {
    load().catch((error) => platform.log.error({ err: error }, 'the price book could not be read'));
  };
  platform.notifications.subscribe(priceBookChannel, { onNotify: reload, onGap: reload });
  await load();

  return {
    load,
    groups,
    priceOf: (model, at) => priceInForce(byModel.get(model) ?? [], at),
    models: (at) =>
      [...byModel.keys()]
        .sort()
        .flatMap((model) => priceInForce(byModel.get(model) ?? [], at) ?? []),
  };
}
