/** What other domains may use of the catalog. */
export { writeFieldChange } from './core/describe-difference.ts';
export { costMeterId, type Meter } from './core/meter.ts';
export type { ModelPrice, PriceTable, PriceTier } from './core/model-price.ts';
export { findNamed } from './core/names.ts';
export {
  chargesOf,
  isOfferedTo,
  type Offer,
  type OfferCharge,
  type OfferPrice,
  priceOf,
} from './core/offer.ts';
export { presentPrices } from './core/present.ts';
export { presentPlan } from './core/present-plan.ts';
export { presentPriceUpdate } from './core/present-update.ts';
export type { PriceTerms } from './core/price-terms.ts';
export { type PriceUpdate, sortKey as sortKeyOfUpdate } from './core/price-update.ts';
export {
  type Charge,
  difference,
  type PeriodUsage,
  type PricingModel,
  type Rated,
  rateCharge,
  type Step,
} from './core/pricing/charge.ts';
export { type ProratedEvent, rateProrated } from './core/pricing/prorated.ts';
export type { Tier } from './core/pricing/tier.ts';
export {
  decideQuota,
  type QuotaTerms,
  readQuota,
  type StoredQuota,
} from './core/quota-terms.ts';
export { registerCatalog } from './http.ts';
export { createMeterBook, type MeterBook } from './meter-book.ts';
export { findMetersById, loadMeters } from './meters-store.ts';
export {
  type ApplyPricingCommand,
  applyPricing,
  type PricingChange,
} from './operations/apply-pricing.ts';
export { createModelGroup } from './operations/change-model-groups.ts';
export { createModelPrice } from './operations/create-model-price.ts';
export { createPackage } from './operations/create-package.ts';
export { createPlan, createPlanWithin, updatePlanWithin } from './operations/create-plan.ts';
export { readPriceUpdates } from './operations/decide-price-updates.ts';
export { exportPricing, writePricing } from './operations/export-pricing.ts';
export {
  currentPlanVersion,
  findPlanVersion,
  type PlanVersion,
} from './operations/find-plan-version.ts';
export { offerCoupon } from './operations/offer-coupon.ts';
export { listPackages } from './operations/read-catalog.ts';
export { readPriceTerms } from './operations/read-price-terms.ts';
export { readTemplates } from './operations/read-templates.ts';
export { checkCoupon, redeemCoupon } from './operations/redeem-coupon.ts';
export { registerTemplate, validateTemplate } from './operations/register-template.ts';
export { meterUnknown, resolveFeatures } from './operations/resolve-quotas.ts';
export { seedModelPrices } from './operations/seed-model-prices.ts';
export { setOrganizationMultiplier } from './operations/set-organization-multiplier.ts';
export { findPlan, type PlanRow } from './plans-store.ts';
export { createPriceBook, type PriceBook } from './price-book.ts';
export { findModelPrices, findPackage, type PackageRow } from './store.ts';
export { writeProblem } from './template-text.ts';
