/**
 * What PayPal's notifications mean. Pure.
 * https://developer.paypal.com/api/rest/webhooks/event-names/
 */
import { z } from 'zod';
import type { Claims, NotificationMeaning } from '../../provider.ts';
import { disputeNews } from './disputes.ts';
import { readAmount } from './money.ts';
import { Capture, PaypalOrder, Refund } from './order.ts';
import { outcomeOf } from './refunds.ts';

const numberForm = /^[\w-]{1,64}$/;
const nothing: NotificationMeaning = { kind: 'nothing' };

export function translateEvent(claims: Claims, merchant: string): NotificationMeaning {
  const { event_type: type, resource } = claims;
  switch (type) {
    case 'CHECKOUT.ORDER.APPROVED':
    case 'CHECKOUT.ORDER.COMPLETED':
      return orderChanged(resource);
    case 'PAYMENT.CAPTURE.COMPLETED':
      return captured(resource, merchant);
    case 'PAYMENT.CAPTURE.PENDING':
    case 'PAYMENT.CAPTURE.DENIED':
    case 'PAYMENT.CAPTURE.DECLINED':
    case 'PAYMENT.CAPTURE.REVERSED':
      return captureChanged(resource);
    case 'PAYMENT.CAPTURE.REFUNDED':
    case 'PAYMENT.REFUND.PENDING':
    case 'PAYMENT.REFUND.FAILED':
      return refunded(resource);
    case 'CUSTOMER.DISPUTE.CREATED':
    case 'CUSTOMER.DISPUTE.UPDATED':
    case 'CUSTOMER.DISPUTE.RESOLVED':
      return disputed(resource);
    case 'VAULT.PAYMENT-TOKEN.DELETED':
      return removed(resource);
    default:
      return nothing;
  }
}

function orderChanged(resource: unknown): NotificationMeaning {
  const { data: order } = PaypalOrder.safeParse(resource);
  const number = order?.purchase_units?.[0]?.custom_id;
  return order && isNumber(number) ? { kind: 'changed', number, reference: order.id } : nothing;
}

function captured(resource: unknown, merchant: string): NotificationMeaning {
  const { data: capture } = Capture.safeParse(resource);
  if (!capture) return { kind: 'implausible', reason: 'the capture cannot be read' };
  // An order that we made carries our number; others of the same account are not ours to book.
  const number = capture.custom_id;
  if (!isNumber(number)) return nothing;
  const amount = readAmount(capture.amount);
  if (!amount) return { kind: 'implausible', reason: 'the amount is none' };
  const money = { number, merchant, providerTransaction: capture.id, amount };
  return { kind: 'collected', money, ...orderOf(capture) };
}

function captureChanged(resource: unknown): NotificationMeaning {
  const { data: capture } = Capture.safeParse(resource);
  const number = capture?.custom_id;
  return capture && isNumber(number) ? { kind: 'changed', number, ...orderOf(capture) } : nothing;
}

function orderOf({ supplementary_data }: Capture): { reference?: string } {
  const reference = supplementary_data?.related_ids?.order_id;
  return reference === undefined ? {} : { reference };
}

/** Ours have the refund's number beside the payment's; those made at PayPal have the payment's alone, or none. */
function refunded(resource: unknown): NotificationMeaning {
  const { data: refund } = Refund.safeParse(resource);
  if (!refund) return { kind: 'implausible', reason: 'the refund cannot be read' };
  const amount = readAmount(refund.amount);
  if (!amount) return { kind: 'implausible', reason: 'the amount is none' };
  const { status } = outcomeOf(refund);
  if (status === 'unknown') return { kind: 'implausible', reason: 'the status is unknown' };
  const { custom_id, invoice_id } = refund;
  const up = refund.links?.find(({ rel }) => rel === 'up')?.href;
  const [, providerTransaction = null] =
    /\/v2\/payments\/captures\/([\w-]{1,64})$/.exec(up ?? '') ?? [];
  return {
    kind: 'refund',
    refund: {
      number: isNumber(invoice_id) && invoice_id !== custom_id ? invoice_id : null,
      reference: refund.id,
      payment: { number: isNumber(custom_id) ? custom_id : null, providerTransaction },
      amount,
      status,
    },
  };
}

function disputed(resource: unknown): NotificationMeaning {
  const dispute = disputeNews(resource);
  return dispute
    ? { kind: 'dispute', dispute }
    : { kind: 'implausible', reason: 'the dispute cannot be read' };
}

function removed(resource: unknown): NotificationMeaning {
  const { data } = z.object({ id: z.string().regex(numberForm) }).safeParse(resource);
  return data ? { kind: 'method_removed', reference: data.id } : nothing;
}

function isNumber(text: string | undefined): text is string {
  return text !== undefined && numberForm.test(text);
}
