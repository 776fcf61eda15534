/** Metering's door. */
export { backTest, type Forecast, forecast } from './core/forecast.ts';
export {
  type Bounds,
  type Price,
  type Prices,
  type Rating,
  rate,
  worstCase,
} from './core/rating.ts';
export type { Outcome, Usage } from './core/usage.ts';
export { quotaExceeded } from './events.ts';
export { registerMetering } from './http.ts';
export { registerReporting } from './http-reporting.ts';
export { meteringJobs } from './jobs.ts';
export { ensureUsagePartitions } from './operations/ensure-usage-partitions.ts';
export type { ReportedCall, SettleReported } from './operations/pay-reported-call.ts';
export { meteringPersonalData } from './operations/personal-data.ts';
export { findReceipt, type ReceiptRecord } from './operations/read-receipts.ts';
export { type Reporting, type ReportingPorts, reportUsage } from './operations/report-usage.ts';
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
