import { type Context, inTransaction } from '../../../platform/context.ts';
import { notify } from '../../../platform/database/listen.ts';
import { datasetCurrency, readDataset } from '../dataset-source.ts';
import { priceBookChannel } from '../price-book.ts';
import { countDatasetPrices, insertModelPrices } from '../store.ts';

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
