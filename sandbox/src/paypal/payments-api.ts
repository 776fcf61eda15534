/** Payments v2: captures and their refunds. */
import {
  type ApiCall,
  type ApiReply,
  type Endpoint,
  notThere,
  problem,
  refused,
  textAt,
  valueAt,
} from './api.ts';
import type { Desk } from './desk.ts';
import { amountIssue } from './money.ts';
import { presentCaptureAlone, presentRefund } from './present.ts';

const REPEATS_FOR_HOURS = 45 * 24;

export function paymentEndpoints(desk: Desk): Endpoint[] {
  const { book, urls } = desk;
  const about = ({ params }: ApiCall) => book.orderOfPart(params.id ?? '')?.number;
  return [
    {
      method: 'GET',
      path: '/v2/payments/captures/{id}',
      about,
      handle({ params }) {
        const order = book.orderOfPart(params.id ?? '');
        if (order?.capture?.id !== params.id || !order?.capture) return notThere;
        return { status: 200, body: presentCaptureAlone(order.capture, order, urls) };
      },
    },
    {
      method: 'POST',
      path: '/v2/payments/captures/{id}/refund',
      about,
      repeatsForHours: REPEATS_FOR_HOURS,
      handle: (call) => refundCapture(desk, call),
    },
    {
      method: 'GET',
      path: '/v2/payments/refunds/{id}',
      about,
      handle({ params }) {
        const order = book.orderOfPart(params.id ?? '');
        const refund = order?.refunds.find(({ id }) => id === params.id);
        return order && refund
          ? { status: 200, body: presentRefund(refund, order, urls) }
          : notThere;
      },
    },
  ];
}

function refundCapture(desk: Desk, { params, body, isFull }: ApiCall): ApiReply {
  const { book, urls } = desk;
  const order = book.orderOfPart(params.id ?? '');
  if (order?.capture?.id !== params.id || !order) return notThere;
  const wanted = valueAt(body, 'amount');
  const amount =
    wanted === undefined
      ? undefined
      : {
          currency_code: textAt(wanted, 'currency_code') ?? '',
          value: textAt(wanted, 'value') ?? '',
        };
  const issue = amount && amountIssue(amount);
  if (issue !== undefined) return refused(issue);
  const note = textAt(body, 'note_to_payer');
  if (note !== undefined && !/^.{0,255}$/u.test(note)) {
    return problem(400, 'INVALID_REQUEST', 'INVALID_PARAMETER_SYNTAX');
  }
  const made = desk.refund(order, {
    amount,
    invoice_id: textAt(body, 'invoice_id') ?? null,
    custom_id: textAt(body, 'custom_id') ?? null,
    note: note ?? null,
    isManual: false,
  });
  if ('issue' in made) return refused(made.issue);
  const { id, status } = made.done;
  const shown = presentRefund(made.done, order, urls);
  const isLost = book.steeringOf(order.number).refund === 'lost';
  return { status: 201, body: isFull ? shown : { id, status, links: shown.links }, isLost };
}
