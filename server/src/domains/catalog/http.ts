import * as endpoints from '@sluice/contract/catalog';
import { notFound, Refusal } from '../../platform/errors.ts';
import { type PageRequest, pageOf, readCursor } from '../../platform/http/pages.ts';
import type { Routes } from '../../platform/http/routes.ts';
import type { ModelPrice } from './core/model-price.ts';
import { presentModelPrice, presentPackage } from './core/present.ts';
import { createModelPrice } from './operations/create-model-price.ts';
import { createPackage } from './operations/create-package.ts';
import { deletePackage } from './operations/delete-package.ts';
import { listPackages, listPriceVersions, readPackage } from './operations/read-catalog.ts';
import { updatePackage } from './operations/update-package.ts';
import type { PriceBook } from './price-book.ts';

/** Serves packages and the price book; `callable` tells which models can be called now. */
export function registerCatalog(
  routes: Routes,
  prices: PriceBook,
  callable: () => ReadonlySet<string>,
): void {
  servePackages(routes);
  servePrices(routes, prices, callable);
}

function servePackages(routes: Routes): void {
  routes.serve(endpoints.listPackages, ({ context, query }) =>
    listPackages(context, { ...query, status: 'active' }),
  );
  routes.serve(endpoints.searchPackages, ({ context, query }) => listPackages(context, query));
  routes.serve(endpoints.getPackage, async ({ context, params }) => {
    const row = await readPackage(context, params.id);
    if (!row) throw notFound('package');
    return presentPackage(row, context.config.usageCurrency);
  });
  routes.serve(endpoints.createPackage, async ({ context, body }) =>
    presentPackage(await createPackage(context, body), context.config.usageCurrency),
  );
  routes.serve(endpoints.updatePackage, async ({ context, params, body }) =>
    presentPackage(await updatePackage(context, params.id, body), context.config.usageCurrency),
  );
  routes.serve(endpoints.deletePackage, ({ context, params }) => deletePackage(context, params.id));
}

function servePrices(routes: Routes, prices: PriceBook, callable: () => ReadonlySet<string>): void {
  routes.serve(endpoints.listModels, async ({ context, query }) => {
    const models = callable();
    const offered = prices
      .models(context.clocks.business())
      .filter((price) => models.has(price.model));
    return pageByModel(offered, query);
  });
  routes.serve(endpoints.searchModelPrices, async ({ context, query }) => {
    if (query.model !== undefined) return listPriceVersions(context, query.model, query);
    const q = query.q?.toLowerCase() ?? '';
    const found = prices
      .models(context.clocks.business())
      .filter(({ model }) => model.toLowerCase().includes(q));
    return pageByModel(found, query);
  });
  routes.serve(endpoints.createModelPrice, async ({ context, body }) => {
    const price = await createModelPrice(context, body);
    await prices.load();
    return presentModelPrice(price);
  });
}

/** A page of what is in memory, by model name. */
function pageByModel(sorted: readonly ModelPrice[], query: PageRequest) {
  const after = readCursor(query);
  const start = after === undefined ? 0 : sorted.findIndex(({ model }) => model > after);
  if (start < 0)
    throw new Refusal('malformed', 'This list has no page behind that cursor.', {
      param: 'cursor',
    });
  const rows = sorted.slice(start, start + query.limit + 1);
  return pageOf(rows, query, ({ model }) => model, presentModelPrice);
}
