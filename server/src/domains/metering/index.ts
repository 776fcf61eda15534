/** Metering's door. */
export {
  type Abort,
  type CallDetails,
  type KeptDetails,
  type OnAbort,
  readDetails,
  writeDetails,
} from './core/call-details.ts';
export { forecastMonth, forecastSpan, type MonthForecast } from './core/forecast-month.ts';
export type { Price, Prices } from './core/price.ts';
export { type Bounds, chargeFor, type Rating, rate, worstCase } from './core/rating.ts';
export type { Outcome, ServiceTier, Usage } from './core/usage.ts';
export {
  type ReceiptProblem,
  type ReceiptsReport,
  verifyReceipts,
} from './core/verify-receipts.ts';
export { quotaExceeded } from './events.ts';
export { registerMetering } from './http.ts';
export { registerReporting } from './http-reporting.ts';
export { meteringJobs } from './jobs.ts';
export { meteringListeners } from './listeners.ts';
export {
  type CustomerMargin,
  countViolations,
  type Margin,
  type MarginPoint,
  marginsOfCustomers,
  sumMargins,
  sumMarginsByTime,
  type ViolationCount,
} from './margins-store.ts';
export { eachCall, type PastCall } from './operations/each-call.ts';
export { ensureUsagePartitions } from './operations/ensure-usage-partitions.ts';
export { keepMargins } from './operations/keep-margins.ts';
export { callExports } from './operations/make-export.ts';
export type { ReportedCall, SettleReported } from './operations/pay-reported-call.ts';
export { meteringPersonalData } from './operations/personal-data.ts';
export { findReceipt, type ReceiptRecord } from './operations/read-receipts.ts';
export { type Reporting, type ReportingPorts, reportUsage } from './operations/report-usage.ts';
export { reratings } from './operations/rerate-model.ts';
export { type MeterPoint, sumMeterUsage } from './operations/sum-meter-usage.ts';
export { sumUsage, type UsagePoint } from './operations/sum-usage.ts';
export {
  type UsageAsk,
  type UsageInPeriod,
  usageForPricing,
  usageInPeriod,
  usageOfMany,
} from './operations/usage-in-period.ts';
export { presentReceipt } from './present-receipt.ts';
export { listOpenQuotas, type QuotaRow } from './quotas-store.ts';
export { type SplitPart, splitUsage } from './split-store.ts';
export {
  countReceiptsOf,
  countUsedUpQuotas,
  measureRecentCalls,
  sumHours,
} from './watch-store.ts';
