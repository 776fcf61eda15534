/** What other domains may use of subscriptions: what an organization has bought. */
export type { OrganizationPackage } from './core/organization-package.ts';
export { type OrganizationPackageView, presentOrganizationPackage } from './core/present.ts';
export { registerSubscriptions } from './http.ts';
export { subscriptionsJobs } from './jobs.ts';
export { subscriptionsListeners } from './listeners.ts';
export { type PurchasePackageCommand, purchasePackage } from './operations/purchase-package.ts';
export { countActivePackages, listOrganizationPackages } from './store.ts';
