/** `/v1/refunds`, `/v1/charges`, `/v1/disputes` */
import type Stripe from 'stripe';
import { makeRefund, moveDispute } from './after-sales.ts';
import type { Call, Endpoint } from './api.ts';
import { nameOf, orderOfIntent } from './books.ts';
import { allow, branchOf, integerOf, isTrue, metadataOf, type Tree, textOf } from './form.ts';
import { createdWithin, listParams, pageOf } from './list.ts';
import { invalid, missing } from './problem.ts';
import type { Desk } from './till.ts';

const refundParams = [
  ...['amount', 'charge', 'expand', 'metadata', 'payment_intent', 'reason'],
] as const satisfies readonly (keyof Stripe.RefundCreateParams)[];
const reasons = ['duplicate', 'fraudulent', 'requested_by_customer'];

export function salesEndpoints(desk: Desk): Endpoint[] {
  const { books } = desk;
  return [
    { method: 'POST', path: '/v1/refunds', handle: ({ form }) => createRefund(desk, form) },
    {
      method: 'GET',
      path: '/v1/refunds',
      handle: ({ form, path }) => pageOf(soldWith(books.refunds.all(), form), form, path),
    },
    {
      method: 'GET',
      path: '/v1/refunds/{id}',
      handle: ({ params }) => found(books.refunds.get(params.id ?? ''), 'refund', params),
    },
    {
      method: 'GET',
      path: '/v1/charges',
      handle: ({ form, path }) => pageOf(soldWith(books.charges.all(), form), form, path),
    },
    {
      method: 'GET',
      path: '/v1/charges/{id}',
      handle: ({ params }) => found(books.charges.get(params.id ?? ''), 'charge', params),
    },
    ...disputeEndpoints(desk),
  ];
}

function disputeEndpoints(desk: Desk): Endpoint[] {
  const { books } = desk;
  const path = '/v1/disputes';
  const disputeOf = ({ params }: Call) =>
    found(books.disputes.get(params.id ?? ''), 'dispute', params);
  const move = (call: Call, status: 'under_review' | 'lost') => {
    const dispute = disputeOf(call);
    const order = orderOfIntent(books, nameOf(dispute.payment_intent));
    if (!['needs_response', 'warning_needs_response'].includes(dispute.status)) {
      throw invalid('This dispute is already closed.', { param: 'dispute' });
    }
    moveDispute(desk, { dispute, number: order?.number ?? dispute.id }, status);
    return dispute;
  };
  return [
    {
      method: 'GET',
      path,
      handle: ({ form, path: url }) => pageOf(soldWith(books.disputes.all(), form), form, url),
    },
    { method: 'GET', path: `${path}/{id}`, handle: disputeOf },
    {
      method: 'POST',
      path: `${path}/{id}`,
      handle(call) {
        allow(call.form, ['evidence', 'expand', 'metadata', 'submit']);
        const dispute = disputeOf(call);
        Object.assign(dispute.evidence, branchOf(call.form, 'evidence'));
        dispute.evidence_details.has_evidence = true;
        if (call.form.submit !== undefined && !isTrue(call.form, 'submit')) return dispute;
        dispute.evidence_details.submission_count += 1;
        return move(call, 'under_review');
      },
    },
    { method: 'POST', path: `${path}/{id}/close`, handle: (call) => move(call, 'lost') },
  ];
}

function createRefund(desk: Desk, form: Tree): Stripe.Refund {
  allow(form, refundParams);
  const { books } = desk;
  const intentId = textOf(form, 'payment_intent');
  const intent = books.intents.get(intentId ?? '');
  if (intentId !== undefined && !intent) throw missing('payment_intent', intentId, 'intent');
  const chargeId = textOf(form, 'charge') ?? nameOf(intent?.latest_charge);
  const charge = books.charges.get(chargeId);
  if (!charge) throw missing('charge', chargeId, 'charge');
  const reason = textOf(form, 'reason') ?? null;
  if (reason !== null && !reasons.includes(reason)) {
    throw invalid('Invalid reason', { param: 'reason' });
  }
  const order = orderOfIntent(books, nameOf(charge.payment_intent));
  const wish = { amount: integerOf(form, 'amount'), reason, metadata: metadataOf(form) };
  return makeRefund(desk, { charge, number: order?.number ?? charge.id }, wish);
}

interface Sold {
  id: string;
  created: number;
  payment_intent: string | { id: string } | null;
}

function soldWith<T extends Sold>(records: readonly T[], form: Tree): T[] {
  allow(form, [...listParams, 'charge', 'created', 'customer', 'payment_intent']);
  const intent = textOf(form, 'payment_intent');
  return records
    .filter(createdWithin(form))
    .filter((record) => intent === undefined || nameOf(record.payment_intent) === intent);
}

function found<T>(record: T | undefined, what: string, { id = '' }: Record<string, string>): T {
  if (record) return record;
  throw missing(what, id);
}
