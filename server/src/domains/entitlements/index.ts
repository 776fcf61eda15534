/** Entitlements' door. */
export { entitlementsListeners } from './events.ts';
export { registerEntitlements } from './http.ts';
export {
  grantPackageAllowances,
  type PackageGrant,
} from './operations/grant-package-allowances.ts';
export { type DailyUsage, listDailyUsage } from './operations/list-daily-usage.ts';
