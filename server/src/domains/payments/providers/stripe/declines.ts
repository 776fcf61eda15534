/**
 * Stripe's reasons in our vocabulary. https://docs.stripe.com/declines/codes and https://docs.stripe.com/error-codes;
 * what is not listed is a decline all the same.
 */
import type Stripe from 'stripe';
import type { DeclineCode } from '../../core/declines.ts';

const reasons: Readonly<Record<DeclineCode, string>> = {
  insufficient_funds: 'insufficient_funds',
  card_declined: `card_declined bank_account_declined call_issuer do_not_honor do_not_try_again generic_decline
    no_action_taken not_permitted declined reenter_transaction restricted_card revocation_of_all_authorizations
    revocation_of_authorization service_not_allowed stop_payment_order transaction_not_allowed try_again_later
    payment_method_provider_decline testmode_decline live_mode_test_card test_mode_live_card`,
  expired_method:
    'expired_card invalid_expiry_month invalid_expiry_year payment_method_unactivated',
  action_required: `authentication_required authentication_not_handled approve_with_id incorrect_pin invalid_pin
    mobile_device_authentication_required offline_pin_required online_or_offline_pin_required
    payment_intent_action_required payment_intent_authentication_failure setup_intent_authentication_failure`,
  method_unusable: `account_closed account_frozen bank_account_restricted bank_account_unusable
    bank_account_unverified bank_account_verification_failed bank_ownership_changed card_not_supported
    debit_not_authorized incorrect_address incorrect_cvc incorrect_number incorrect_zip invalid_account
    invalid_account_number invalid_cvc invalid_number new_account_information_available no_account
    payment_method_currency_mismatch payment_method_invalid_parameter payment_method_not_available
    payment_method_unexpected_state resource_missing`,
  limit_exceeded: `amount_too_large amount_too_small card_decline_rate_limit_exceeded card_velocity_exceeded
    charge_exceeds_source_limit charge_exceeds_transaction_limit charge_exceeds_weekly_limit invalid_amount
    pin_try_exceeded withdrawal_count_limit_exceeded`,
  suspected_fraud: `fraudulent lost_card merchant_blacklist pickup_card security_violation stolen_card
    duplicate_transaction payment_intent_mandate_invalid`,
  currency_unsupported: 'currency_not_supported invalid_currency',
  canceled_by_payer: `payment_method_customer_decline payment_intent_payment_attempt_expired
    payment_intent_payment_attempt_failed`,
  returned: '',
  provider_error: `could_not_process issuer_not_available payment_method_provider_timeout processing_error
    payment_method_bank_account_blocked`,
};

const codes = new Map(
  Object.entries(reasons).flatMap(([code, names]) =>
    names.split(/\s+/).flatMap((name) => (name === '' ? [] : [[name, code as DeclineCode]])),
  ) as [string, DeclineCode][],
);

/** The card issuer's own word comes before Stripe's summary of it. */
export function declineOf(error: { decline_code?: string; code?: string }): DeclineCode {
  const named = codes.get(error.decline_code ?? '') ?? codes.get(error.code ?? '');
  return named ?? 'card_declined';
}

/** Of an intent that failed. A bank debit fails days after it was given: it came back. */
export function declineOfIntent(intent: Stripe.PaymentIntent): DeclineCode | undefined {
  const error = intent.last_payment_error;
  if (!error) return undefined;
  const type = error.payment_method?.type ?? intent.payment_method_types[0];
  const isDebit = type === 'us_bank_account' && intent.latest_charge !== null;
  return isDebit ? 'returned' : declineOf(error);
}
