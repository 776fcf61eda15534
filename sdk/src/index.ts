/** The client for an application's own service. */
export type { Access } from './access.ts';
export {
  type AccessClaims,
  createTokenVerifier,
  TokenInvalidError,
  type TokenVerifierOptions,
} from './access-tokens.ts';
export { createSluice, type Sluice, type SluiceOptions } from './create-sluice.ts';
export {
  FeatureNotIncludedError,
  InsufficientFundsError,
  QuotaExceededError,
  RateLimitedError,
  SluiceError,
  SluiceUnavailableError,
} from './errors.ts';
export { type LostEvent, ReportBufferFullError, type ReportOptions } from './reporter.ts';
export type { LostSettlement } from './settlements.ts';
export { verifyWebhook, type WebhookInput, WebhookVerificationError } from './webhooks.ts';
export type * from './wire.ts';
