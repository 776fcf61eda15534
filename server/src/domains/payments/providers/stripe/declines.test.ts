import { describe, expect, it } from 'vitest';
import { declineOf } from './declines.ts';
import { declineOfRefusal } from './failures.ts';

/** Every decline code that Stripe documents. https://docs.stripe.com/declines/codes */
const documented: Record<string, string> = {
  insufficient_funds: 'insufficient_funds',
  card_declined: `call_issuer do_not_honor do_not_try_again generic_decline no_action_taken not_permitted
    reenter_transaction restricted_card revocation_of_all_authorizations revocation_of_authorization
    service_not_allowed stop_payment_order testmode_decline transaction_not_allowed try_again_later`,
  expired_method: 'expired_card invalid_expiry_month invalid_expiry_year',
  action_required: `approve_with_id authentication_not_handled authentication_required incorrect_pin invalid_pin
    mobile_device_authentication_required offline_pin_required online_or_offline_pin_required`,
  method_unusable: `card_not_supported incorrect_address incorrect_cvc incorrect_number incorrect_zip
    invalid_account invalid_cvc invalid_number new_account_information_available`,
  limit_exceeded:
    'card_velocity_exceeded invalid_amount pin_try_exceeded withdrawal_count_limit_exceeded',
  suspected_fraud: `duplicate_transaction fraudulent lost_card merchant_blacklist pickup_card
    security_violation stolen_card`,
  currency_unsupported: 'currency_not_supported',
  provider_error: 'issuer_not_available processing_error',
};
const cases = Object.entries(documented).flatMap(([ours, theirs]) =>
  theirs.split(/\s+/).map((code) => ({ code, ours })),
);

describe('declineOf', () => {
  it.each(cases)('calls $code $ours', ({ code, ours }) => {
    expect(declineOf({ code: 'card_declined', decline_code: code })).toBe(ours);
  });

  it('goes by the code where the issuer gave no reason, and by the decline where neither is known', () => {
    expect(declineOf({ code: 'expired_card' })).toBe('expired_method');
    expect(declineOf({ code: 'account_closed' })).toBe('method_unusable');
    expect(declineOf({ code: 'new_code', decline_code: 'new_reason' })).toBe('card_declined');
    expect(declineOf({ code: 'constructor', decline_code: 'toString' })).toBe('card_declined');
    expect(declineOf({})).toBe('card_declined');
  });
});

describe('declineOfRefusal', () => {
  it.each([
    ['amount_too_small', 'amount', 'limit_exceeded'],
    ['', 'line_items[0][price_data][currency]', 'currency_unsupported'],
    ['', 'line_items[0][price_data][unit_amount]', 'limit_exceeded'],
    ['', 'currency', 'currency_unsupported'],
    ['resource_missing', 'payment_method', 'method_unusable'],
    ['resource_missing', 'customer', 'method_unusable'],
    ['parameter_unknown', 'surprise', 'provider_error'],
  ])('calls %s of %s %s', (code, param, ours) => {
    expect(declineOfRefusal({ code, param })).toBe(ours);
  });
});
