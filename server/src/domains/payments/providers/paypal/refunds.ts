/**
 * Refunds of captures, in whole or in part. Our refund's number is the request id and the invoice id, the payment's
 * number the custom id: so PayPal makes it once, and what it tells of later says whose it is.
 *
 * Whatever is not a plain yes is looked up before it is called failed: PayPal may have done it and lost the answer,
 * and it keeps request ids for 45 days only.
 */
import type { z } from 'zod';
import type { RefundOrder, RefundOutcome } from '../../provider.ts';
import type { Paypal } from './client.ts';
import { issuesOf } from './issues.ts';
import { writeAmount } from './money.ts';
import { oneLine } from './one-line.ts';
import { PaypalOrder, Refund } from './order.ts';
import { isAbsent, isDone } from './pay.ts';
import { readCapture } from './search.ts';

export type PaypalRefund = z.output<typeof Refund>;

const reasonLengthMax = 255;

export async function refundCapture(paypal: Paypal, order: RefundOrder): Promise<RefundOutcome> {
  const { number, payment, reason } = order;
  const amount = writeAmount(order.amount);
  if (!amount) return { status: 'failed', reason: 'PayPal cannot pay back such an amount.' };
  const note = oneLine(reason, reasonLengthMax);
  const answer = await paypal.client.call({
    method: 'POST',
    path: `/v2/payments/captures/${encodeURIComponent(payment.providerTransaction)}/refund`,
    requestId: number,
    body: {
      amount,
      invoice_id: number,
      custom_id: payment.number,
      ...(note === '' ? {} : { note_to_payer: note }),
    },
  });
  if (!answer) return { status: 'unknown' };
  const made = isDone(answer) ? Refund.safeParse(answer.json).data : undefined;
  if (made) return outcomeOf(made);
  if (answer.status !== 400 && answer.status !== 404 && answer.status !== 422) {
    return { status: 'unknown' };
  }
  const found = await findRefund(paypal, order);
  if (found.status !== 'absent') return found;
  return { status: 'failed', reason: `PayPal refused it: ${reasonIn(issuesOf(answer))}.` };
}

/** By its own name where that is known; else the order lists the refunds of its capture. */
export async function findRefund(
  paypal: Paypal,
  { number, reference, payment }: RefundOrder,
): Promise<RefundOutcome | { status: 'absent' }> {
  if (reference) {
    const named = await readRefund(paypal, reference);
    if (named === undefined) return { status: 'unknown' };
    if (named !== 'absent' && named.invoice_id === number) return outcomeOf(named);
  }
  const orderId = payment.reference ?? (await orderOf(paypal, payment.providerTransaction));
  if (orderId === undefined) return { status: 'unknown' };
  const path = `/v2/checkout/orders/${encodeURIComponent(orderId)}`;
  const answer = await paypal.client.call({ method: 'GET', path });
  const order = answer?.status === 200 ? PaypalOrder.safeParse(answer.json).data : undefined;
  const payments = order?.purchase_units?.[0]?.payments;
  const isIts = payments?.captures?.some(({ id }) => id === payment.providerTransaction);
  if (order?.id !== orderId || !isIts) return { status: 'unknown' };
  const refund = payments?.refunds?.find(({ invoice_id }) => invoice_id === number);
  return refund ? outcomeOf(refund) : { status: 'absent' };
}

/** A refund as PayPal has it now; undefined where it does not say. */
export async function readRefund(
  paypal: Paypal,
  id: string,
): Promise<PaypalRefund | 'absent' | undefined> {
  const path = `/v2/payments/refunds/${encodeURIComponent(id)}`;
  const answer = await paypal.client.call({ method: 'GET', path });
  if (answer && isAbsent(answer)) return 'absent';
  const refund = answer?.status === 200 ? Refund.safeParse(answer.json).data : undefined;
  return refund?.id === id ? refund : undefined;
}

async function orderOf(paypal: Paypal, captureId: string): Promise<string | undefined> {
  const capture = await readCapture(paypal, captureId);
  return capture?.supplementary_data?.related_ids?.order_id;
}

export function outcomeOf({ id, status }: PaypalRefund): RefundOutcome {
  if (status === 'COMPLETED') return { status: 'succeeded', reference: id };
  if (status === 'PENDING') return { status: 'pending', reference: id };
  if (status === 'FAILED' || status === 'CANCELLED') {
    return { status: 'failed', reason: `PayPal says ${status.toLowerCase()}.` };
  }
  return { status: 'unknown' };
}

/** PayPal's word for it, in plain letters. */
function reasonIn([issue = '']: string[]): string {
  return /^[A-Z_]{3,60}$/.test(issue)
    ? issue.toLowerCase().replaceAll('_', ' ')
    : 'no reason given';
}
