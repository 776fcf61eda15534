import { type Context, inTransaction } from '../../../platform/context.ts';
import { notify } from '../../../platform/database/listen.ts';
import { newId } from '../../../platform/ids.ts';
import { type DatasetModel, versionsOf } from '../core/dataset.ts';
import type { ModelPrice } from '../core/model-price.ts';
import { priceBookChannel } from '../price-book.ts';
import { countDatasetPrices, insertModelPrices } from '../store.ts';

const vendors = ['openai', 'anthropic', 'google'] as const;
const datasetCurrency = 'USD';

/**
 * Fills an empty price book from the public dataset; answers how many versions it added. The dataset is in US dollars,
 * so a deployment with another usage currency starts with an empty book.
 */
export async function seedModelPrices(context: Context): Promise<number> {
  if (context.config.usageCurrency !== datasetCurrency) return 0;
  if ((await countDatasetPrices(context.database)) > 0) return 0;
  const now = context.clocks.business();
  const versions = await readDataset(now);
  await inTransaction(context, async (transaction) => {
    await insertModelPrices(transaction, versions, now);
    await notify(transaction, priceBookChannel, '*');
  });
  return versions.length;
}

/** The dataset is a megabyte of code: it is loaded here, once, and not when the server starts warm. */
async function readDataset(now: Date): Promise<ModelPrice[]> {
  const { findProvider } = await import('@pydantic/genai-prices');
  const seen = new Set<string>();
  const versions: ModelPrice[] = [];
  for (const providerId of vendors) {
    const models: DatasetModel[] = findProvider({ providerId })?.models ?? [];
    for (const version of models.flatMap(versionsOf)) {
      // A vendor that resells another's model does not override the maker's own price.
      const key = `${version.model} ${version.effectiveFrom.toISOString()}`;
      if (seen.has(key)) continue;
      seen.add(key);
      versions.push({
        ...version,
        id: newId('mpr', now),
        currency: datasetCurrency,
        source: 'dataset',
      });
    }
  }
  return versions;
}
