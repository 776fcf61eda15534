import type { ErrorCode } from '../../api/api-error.ts';

/** One sentence for every reason the server gives for saying no. */
export const errors = {
  unreachable: 'The server did not answer. Check your connection and try again.',
  malformed: 'Something in this form is not as it should be. Correct it and send it again.',
  unauthenticated: 'Your session has ended. Sign in again.',
  invalid_credentials: 'The name or the password is wrong.',
  totp_required: 'Enter the code from your authenticator app.',
  sso_failed:
    'That sign-in did not work: it was refused, used before, too old, or begun in another browser. Begin again, or tell whoever runs your sign-in.',
  sso_required:
    'People of your mail domain sign in through your organization’s own sign-in: choose it above.',
  link_required:
    'There is an account with this mail address already. Sign in to it the way you did before, then add this provider under Account.',
  directory_unavailable:
    'The company directory does not answer right now. Try again in a moment; a password of this service goes on working.',
  domain_unproven:
    'The mail domain is not proven yet. Add the text record to its DNS, wait until it is known, then try again.',
  totp_invalid:
    'The code is wrong or was used before: wait for the next one, or use another recovery code.',
  passkey_invalid: 'This passkey was not accepted. Try again, or sign in another way.',
  proof_required: 'Confirm that it is you: enter your password or a code, or sign in again.',
  proof_invalid: 'That was wrong or was used before. Try again.',
  money_owed: 'An invoice is open, or a payment is under way. Pay it or have it canceled first.',
  subscription_live:
    'A subscription is still running. Cancel it first; once it has ended, try again.',
  password_common: 'This password is on the lists that attackers try first. Choose another.',
  password_personal: 'Too much of this password is your name or mail address. Choose another.',
  passkeys_unavailable: 'Passkeys need HTTPS and a host name. Sign in another way.',
  token_invalid: 'Your session has ended. Sign in again.',
  token_reused: 'Your session was ended for safety. Sign in again.',
  api_key_invalid: 'This API key is not valid.',
  api_key_expired: 'This API key has expired.',
  insufficient_funds: 'The wallet does not hold enough. Top it up, or pay another way.',
  spend_cap_exceeded: 'This key has reached its spend cap.',
  organization_past_due: 'An invoice is overdue. Pay it to go on.',
  forbidden: 'Your account may not do this.',
  email_not_verified: 'Confirm your mail address first: open the link in the mail we sent you.',
  user_suspended: 'This account is suspended. Contact support.',
  organization_suspended: 'This organization is suspended. Contact support.',
  model_not_allowed: 'This key may not call that model.',
  quota_required: 'The plan includes none of this. Choose another plan.',
  feature_not_included: 'The plan does not include this. Choose another plan.',
  ip_not_allowed: 'This key may not be used from that address.',
  payments_on_hold:
    'New payments are on hold while we check this account. Write to us, or pay from the balance.',
  cross_site_request: 'The request came from another site and was refused. Load the page again.',
  support_not_allowed:
    'This customer has not let support in. Ask an owner or admin of theirs to allow it under Organization, Support.',
  not_found: 'It does not exist, or belongs to someone else.',
  subject_unknown: 'This customer is not known here.',
  conflict: 'Someone changed this at the same time. Load it again and repeat your change.',
  already_exists: 'This is already taken. Choose another.',
  already_subscribed: 'There is a subscription already. Change it instead of beginning another.',
  request_closed: 'This call is already closed.',
  idempotency_mismatch: 'This was already sent with other contents. Load the page again.',
  idempotency_in_progress: 'This is being worked on already. Wait a moment.',
  idempotency_answer_lost: 'This was already done, but its answer is gone. Load the page again.',
  invalid_state: 'This is no longer possible in its present state. Load the page again.',
  body_too_large: 'That is too much at once.',
  unsupported_media_type: 'The server does not take this format.',
  term_not_over: 'A term was agreed, and it is not over yet.',
  rule_violated: 'A rule does not allow this.',
  link_invalid: 'This link was used already or has expired. Ask for a new one.',
  currency_unsupported: 'This currency cannot be used here. Choose another.',
  amount_out_of_range: 'The amount is too small or too large.',
  package_unavailable: 'This package is no longer on sale.',
  plan_unavailable: 'This plan is not on offer any more. Reload the page and choose another.',
  coupon_invalid: 'This coupon cannot be used here. Check its code, or go on without it.',
  code_invalid: 'This code cannot be redeemed: check its letters, or ask who gave it to you.',
  code_limit_reached:
    'Your organization has redeemed as many codes of this kind as it may: give this one to somebody else.',
  provider_unavailable: 'This way of paying is not available now. Choose another.',
  provider_not_configured: 'This payment provider is not set up completely.',
  callback_not_public: 'The provider could not reach this address. Use a public HTTPS address.',
  model_unpriced: 'This model has no price yet.',
  template_invalid: 'The template has mistakes. Correct the lines that are named.',
  meter_unknown: 'There is no such meter.',
  second_factor_required:
    'This organization asks for a second factor. Set one up in your account, then sign in again with it.',
  sign_in_method_not_allowed:
    'This organization takes other ways to sign in. Sign out, then in again another way.',
  session_too_old:
    'This organization asks you to sign in again from time to time. Sign out, then in again.',
  permission_not_held:
    'You cannot give, change or take what you are not allowed yourself. Ask somebody who is.',
  invitation_for_another:
    'This invitation was sent to another mail address. Sign in or sign up with that one.',
  role_in_use: 'Somebody has this role or is invited to it. Give them another one first.',
  last_owner: 'An organization keeps at least one owner. Make somebody else an owner first.',
  last_admin: 'A deployment keeps at least one administrator. Make somebody else one first.',
  role_unknown: 'There is no such role here. Choose another one.',
  would_lock_out: 'This would refuse your own session. Sign in as you ask of others first.',
  too_many_requests: 'That was too often. Wait a moment and try again.',
  quota_exceeded: 'This quota is used up until it resets.',
  rate_limited: 'That was too often. Wait a moment and try again.',
  concurrency_exceeded: 'Too much is running at once. Wait until some of it has ended.',
  internal: 'Something failed on our side. Try again; if it stays, give support the number below.',
  upstream_failed: 'The other side did not answer properly. Try again in a moment.',
  unavailable: 'The service is not available for a moment. Try again soon.',
} as const satisfies Record<ErrorCode, string>;
