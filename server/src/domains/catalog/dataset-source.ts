/** The published price list that comes with the product, as versions that could stand in the book. */
import { newId } from '../../platform/ids.ts';
import { type DatasetModel, versionsOf } from './core/dataset.ts';
import type { ModelPrice } from './core/model-price.ts';

const vendors = ['openai', 'anthropic', 'google'] as const;
export const datasetCurrency = 'USD';

/** The dataset is a megabyte of code: it is loaded here, when somebody asks, and not when the server starts warm. */
export async function readDataset(now: Date): Promise<ModelPrice[]> {
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
