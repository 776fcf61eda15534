/** What other domains may use of subscriptions: what an organization has bought, for a time or once. */
export { commitmentTrueUp, trueUp } from './core/commitment.ts';
export { type Direction, directionOf, type RecurringPrice } from './core/direction.ts';
export type { OrganizationPackage } from './core/organization-package.ts';
export { type Cycle, type Period, periodAt, periodNumber } from './core/period.ts';
export { type OrganizationPackageView, presentOrganizationPackage } from './core/present.ts';
export { presentSubscription } from './core/present-subscription.ts';
export {
  type Change,
  changeOfPrice,
  daysBoughtBy,
  type Proration,
  type ProrationRule,
  shareOf,
  unusedShare,
} from './core/proration.ts';
export { registerSubscriptions } from './http.ts';
export { subscriptionsJobs } from './jobs.ts';
export { subscriptionsListeners } from './listeners.ts';
export {
  type CohortMoves,
  countSubscriptions,
  listMrrMovements,
  listRenewals,
  type MovementKind,
  type MrrMovement,
  type MrrMoves,
  type MrrStanding,
  type Renewal,
  readMrrAt,
  sumCohorts,
  sumMrrMoves,
} from './mrr-store.ts';
export { subscriptionsPersonalData } from './operations/personal-data.ts';
export { previewNextInvoice } from './operations/preview-next-invoice.ts';
export { type PurchasePackageCommand, purchasePackage } from './operations/purchase-package.ts';
export { billingRuns } from './operations/run-billing.ts';
export { type SubscribeCommand, subscribe } from './operations/subscribe.ts';
export { countActivePackages, listOrganizationPackages } from './store.ts';
export { findLiveSubscription } from './subscriptions-store.ts';
export { countCancellations } from './watch-store.ts';
