/** What other domains may use of the catalog. */
export type { ModelPrice, PriceTable, PriceTier } from './core/model-price.ts';
export { presentPrices } from './core/present.ts';
export { registerCatalog } from './http.ts';
export { createModelPrice } from './operations/create-model-price.ts';
export { createPackage } from './operations/create-package.ts';
export { listPackages } from './operations/read-catalog.ts';
export { seedModelPrices } from './operations/seed-model-prices.ts';
export { createPriceBook, type PriceBook } from './price-book.ts';
export { findModelPrices, findPackage, type PackageRow } from './store.ts';
