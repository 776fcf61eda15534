/** What an error of the SDK says about the money: only some of them are certain that none moved. */
import type Stripe from 'stripe';
import type { DeclineCode } from '../../core/declines.ts';
import { declineOf } from './declines.ts';

export type Failure =
  /** The payer's method was refused. */
  | { kind: 'declined'; code: DeclineCode; intent: Stripe.PaymentIntent | undefined }
  /** Stripe looked at the call and did nothing. */
  | { kind: 'refused'; code: string; param: string }
  /** The number was sent before with something else in the call, so what it made then is what counts. */
  | { kind: 'repeated' }
  | { kind: 'unknown' };

/** Statuses of calls that were understood and not done. 401, 403, 409 and 429 may be answered otherwise next time. */
const certain = new Set([400, 402, 404]);

export function readFailure(error: unknown): Failure {
  if (!isStripeError(error)) return { kind: 'unknown' };
  if (error.type === 'StripeCardError') {
    return { kind: 'declined', code: declineOf(error), intent: error.payment_intent };
  }
  if (error.type === 'StripeIdempotencyError') return { kind: 'repeated' };
  if (error.type === 'StripeInvalidRequestError' && certain.has(error.statusCode ?? 0)) {
    return { kind: 'refused', code: error.code ?? '', param: error.param ?? '' };
  }
  return { kind: 'unknown' };
}

/** The SDK's classes name themselves; to compare with them it would have to be loaded. */
function isStripeError(error: unknown): error is Stripe.errors.StripeError {
  return error instanceof Error && 'type' in error && String(error.type).startsWith('Stripe');
}

/** Why a call that Stripe refused makes no payment. */
export function declineOfRefusal({ code, param }: { code: string; param: string }): DeclineCode {
  // The last of `line_items[0][price_data][currency]`.
  const name = param.replace(/^.*\[(\w+)\]$/, '$1');
  if (/amount/.test(code) || name.endsWith('amount')) return 'limit_exceeded';
  if (name === 'currency') return 'currency_unsupported';
  if (/^(payment_method|customer)$/.test(name) || code.startsWith('payment_method')) {
    return 'method_unusable';
  }
  return 'provider_error';
}
