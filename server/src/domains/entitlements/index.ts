/** Entitlements' door. */
export { type DailyUsage, presentDailyUsage } from './core/present.ts';
export { entitlementsListeners } from './events.ts';
export { registerEntitlements } from './http.ts';
export {
  grantPackageAllowances,
  type PackageGrant,
} from './operations/grant-package-allowances.ts';
export { listDailyUsage } from './operations/list-daily-usage.ts';
