/** Why a payment was declined, in one vocabulary for all providers. */

export const declineCodes = [
  'insufficient_funds',
  'card_declined',
  'expired_method',
  'action_required',
  'method_unusable',
  'limit_exceeded',
  'suspected_fraud',
  'currency_unsupported',
  'canceled_by_payer',
  'returned',
  'provider_error',
] as const;

/**
 * `action_required`: the payer has to confirm it. `method_unusable`: revoked, unknown or of another customer.
 * `returned`: it was under way and came back, as bank debits do. `provider_error`: anything that is not the payer's.
 */
export type DeclineCode = (typeof declineCodes)[number];
