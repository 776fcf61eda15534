/** What other domains may use of payments: try to collect an invoice, or pay it at once. */
export {
  findLastChargeAt,
  findOpenCharge,
  isPaymentUnderWay,
  listOpenAttemptIds,
} from './charges-store.ts';
export { paymentsChecks } from './checks.ts';
export type { Attempt } from './core/attempt.ts';
export type { DeclineCode } from './core/declines.ts';
export { convertMinor } from './core/exchange.ts';
export { type PaymentView, presentOrganizationPayment } from './core/present.ts';
export { presentMethod } from './core/present-method.ts';
export type { UnappliedReason } from './core/settlement.ts';
export {
  paymentCollected,
  paymentFailed,
  paymentMethodDeclined,
  paymentMethodKept,
  paymentSucceeded,
} from './events.ts';
export { registerPayments } from './http.ts';
export { paymentsJobs } from './jobs.ts';
export { paymentsListeners } from './listeners.ts';
export { registerPaymentMetrics } from './metrics.ts';
export {
  applyHeld,
  convertHeld,
  type HeldMoney,
  holdUnapplied,
} from './operations/apply-unapplied.ts';
export { closeOpenAttempts } from './operations/close-open-attempts.ts';
export { createReconciliation } from './operations/create-reconciliation.ts';
export { findBeside } from './operations/find-beside.ts';
export { holdPayments } from './operations/hold-payments.ts';
export {
  type OpenAttemptCommand,
  openAttempt,
  requireProvider,
} from './operations/open-attempt.ts';
export { parkUnapplied } from './operations/park-unapplied.ts';
export { payAtOnce } from './operations/pay-at-once.ts';
export { paymentsPersonalData } from './operations/personal-data.ts';
export { requireChargeable } from './operations/quote-method.ts';
export { listMethods, requireOwnMethod } from './operations/read-methods.ts';
export { type PayWith, readPayWith } from './operations/read-pay-with.ts';
export { getPayment } from './operations/read-payments.ts';
export { getProvider, listPaymentProviders } from './operations/read-providers.ts';
export { listReconciliations, readReconciliation } from './operations/read-reconciliations.ts';
export { inspectUnapplied } from './operations/read-refunds.ts';
export { reconcileDays } from './operations/reconcile-days.ts';
export { startPayment } from './operations/start-payment.ts';
export { updateProvider } from './operations/update-provider.ts';
export {
  countOutcomes,
  type FailingCharges,
  listExpiringMethods,
  listFailingCharges,
  type OutcomeCount,
} from './outcomes-store.ts';
export { paymentUnsettled, returnFailed, returnOpened } from './refund-events.ts';
export { paymentsSealed } from './sealed.ts';
export { findAttemptsNamed, findPayingProviders } from './search-store.ts';
export {
  findFirstSoundPayment,
  findPayerNeighbors,
  isOnHold,
  listDeclinedSetups,
  listPaymentStandings,
  listPaymentStandingsById,
  type PayerNeighbor,
  type PaymentStanding,
  sharesPayer,
} from './standing-store.ts';
export { countAttempts, findAttempt } from './store.ts';
export { countUnapplied, sumReceived } from './totals-store.ts';
export { countAttemptOutcomes, countWaitingNotifications } from './watch-store.ts';
