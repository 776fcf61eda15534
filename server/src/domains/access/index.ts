/** Access's door. */
export { type Access, type AccessOptions, createAccess } from './access.ts';
export type { ApplicationAccess } from './application-access.ts';
export { accessChecks } from './checks.ts';
export type {
  AuthorizeAnswer,
  AuthorizeCommand,
  MeterQuantity,
  PaidPart,
  QuotaState,
  ReleaseCommand,
  SettleCommand,
  Settlement,
} from './core/commands.ts';
export { registerAccess } from './http.ts';
export { accessJobs } from './jobs.ts';
export { registerAccessMetrics } from './metrics.ts';
export { authorizeWithOverage } from './operations/buy-overage.ts';
export { sweepHolds } from './operations/sweep-holds.ts';
export { type LedgerReport, verifyLedger } from './operations/verify-ledger.ts';
export { registerRateMetrics } from './rates/metrics.ts';
export { createRates, type RateDecision, type RateState, type Rates } from './rates/rates.ts';
export { refuseAccess } from './refuse-access.ts';
export { type AccessRequests, createAccessRequests } from './requests.ts';
export { createSubjects, type Subjects } from './subjects.ts';
export { findVerification } from './watch-store.ts';
