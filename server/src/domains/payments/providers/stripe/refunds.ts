/** Refunds, in part too. Each carries our number: as key for a day, and in its metadata for ever. */
import type Stripe from 'stripe';
import type { RefundOrder, RefundOutcome } from '../../provider.ts';
import { type Account, numberIn, numberKey, refundKey } from './account.ts';
import { readFailure } from './failures.ts';
import { toStripePart } from './money.ts';

const pageLength = 100;
const pagesMax = 10;

/**
 * Looks before it pays, for Stripe forgets keys after a day. Where the look is not answered the key alone protects: whoever
 * sends a number again after a day has asked for it first (`findRefund`), and was answered.
 */
export async function refundPayment(account: Account, order: RefundOrder): Promise<RefundOutcome> {
  const amount = toStripePart(order.amount);
  if (amount === undefined || order.amount.currency !== order.payment.charged.currency) {
    return { status: 'failed', reason: 'Stripe cannot refund that amount of that currency.' };
  }
  const earlier = await findRefund(account, order);
  if (earlier.status !== 'absent' && earlier.status !== 'unknown') return earlier;
  try {
    const { sdk } = await account.client();
    const refund = await sdk.refunds.create(
      {
        payment_intent: order.payment.providerTransaction,
        amount,
        reason: 'requested_by_customer',
        metadata: { [refundKey]: order.number, [numberKey]: order.payment.number },
      },
      { idempotencyKey: order.number },
    );
    return outcomeOf(refund);
  } catch (error) {
    const failure = readFailure(error);
    return failure.kind === 'refused'
      ? { status: 'failed', reason: reasonOf(failure.code) }
      : { status: 'unknown' };
  }
}

/** The list of a payment's refunds is never behind, unlike a search. */
export async function findRefund(
  account: Account,
  order: RefundOrder,
): Promise<RefundOutcome | { status: 'absent' }> {
  const { sdk } = await account.client();
  let startingAfter: string | undefined;
  try {
    for (let page = 0; page < pagesMax; page += 1) {
      const refunds = await sdk.refunds.list({
        ...{ payment_intent: order.payment.providerTransaction, limit: pageLength },
        ...(startingAfter === undefined ? {} : { starting_after: startingAfter }),
      });
      const ours = refunds.data.find(
        ({ metadata }) => numberIn(metadata, refundKey) === order.number,
      );
      if (ours) return outcomeOf(ours);
      startingAfter = refunds.data.at(-1)?.id;
      if (!refunds.has_more || startingAfter === undefined) return { status: 'absent' };
    }
    return { status: 'unknown' };
  } catch {
    return { status: 'unknown' };
  }
}

function outcomeOf({ id, status, failure_reason: reason }: Stripe.Refund): RefundOutcome {
  const known = refundStatusOf(status);
  if (!known) return { status: 'unknown' };
  return known === 'failed'
    ? { status: 'failed', reason: `Stripe could not return the money (${reason ?? status}).` }
    : { status: known, reference: id };
}

export function refundStatusOf(status: unknown): 'succeeded' | 'pending' | 'failed' | undefined {
  if (status === 'succeeded') return 'succeeded';
  if (status === 'pending' || status === 'requires_action') return 'pending';
  return status === 'failed' || status === 'canceled' ? 'failed' : undefined;
}

function reasonOf(code: string): string {
  if (code === 'charge_already_refunded') return 'All of the payment is refunded already.';
  if (code === 'charge_disputed') return 'The payment is disputed.';
  if (code === 'amount_too_large') return 'More than is left of the payment.';
  return `Stripe refused the refund${/^[a-z_]{1,60}$/.test(code) ? ` (${code})` : ''}.`;
}
