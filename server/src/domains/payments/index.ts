/** What other domains may use of payments: try to collect an invoice, or pay it at once. */
export type { Attempt } from './core/attempt.ts';
export { convertMinor } from './core/exchange.ts';
export { type PaymentView, presentOrganizationPayment } from './core/present.ts';
export type { UnappliedReason } from './core/settlement.ts';
export { paymentCollected, paymentSucceeded } from './events.ts';
export { registerPayments } from './http.ts';
export { paymentsJobs } from './jobs.ts';
export { type OpenAttemptCommand, openAttempt } from './operations/open-attempt.ts';
export { parkUnapplied } from './operations/park-unapplied.ts';
export { payAtOnce } from './operations/pay-at-once.ts';
export { getProvider } from './operations/read-providers.ts';
export { startPayment } from './operations/start-payment.ts';
export { updateProvider } from './operations/update-provider.ts';
export { countAttempts, findPayingProviders } from './store.ts';
export { countUnapplied, sumReceived } from './totals-store.ts';
