/** Entitlements' door. */
export { type DailyUsage, presentDailyUsage } from './core/present.ts';
export type { RunningLimit, RunningLimits } from './core/running-limits.ts';
export { entitlementsListeners } from './events.ts';
export { registerEntitlements } from './http.ts';
export { entitlementsJobs } from './jobs.ts';
export { addPackageQuotas, type PackageQuotas } from './operations/add-package-quotas.ts';
export { changeQuotas } from './operations/change-quotas.ts';
export { extendQuota } from './operations/extend-quota.ts';
export {
  endPlanWithin,
  type GivenAddOn,
  givePlan,
  type PlanGrant,
} from './operations/give-plan.ts';
export {
  grantPackageAllowances,
  type PackageGrant,
} from './operations/grant-package-allowances.ts';
export { listDailyUsage } from './operations/list-daily-usage.ts';
export { listQuotas, type QuotaView } from './operations/list-quotas.ts';
export { removeEndedQuotas } from './operations/remove-ended-quotas.ts';
export { setOverride } from './operations/set-override.ts';
export { findOrganizationsOnPlan } from './plans-store.ts';
export { createTermsBook, type Rates, type Terms, type TermsBook } from './terms-book.ts';
