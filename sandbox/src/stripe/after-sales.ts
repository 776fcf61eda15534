/** What comes after a payment: refunds and disputes, and what they do to the balance. */
import type Stripe from 'stripe';
import { nameOf, type Order, steeringOf } from './books.ts';
import { newId, secondsOf } from './ids.ts';
import { draftRefund } from './objects/charge.ts';
import { draftDispute } from './objects/dispute.ts';
import { invalid, Problem } from './problem.ts';
import { book, type Desk } from './till.ts';

const refundDaysMs = 2 * 86_400_000;
const evidenceDays = 9;
const disputeFee = 1_500;

export interface RefundWish {
  amount: number | undefined;
  reason: string | null;
  metadata: Record<string, string>;
}

/** @throws Problem where no money can go back. */
export function makeRefund(
  desk: Desk,
  { charge, number }: { charge: Stripe.Charge; number: string },
  wish: RefundWish,
): Stripe.Refund {
  const { books, clock, dues, news } = desk;
  const { refund: bend } = steeringOf(books, number);
  const amount = decideAmount(charge, wish.amount);
  if (bend === 'refuse') {
    const message = 'This charge cannot be refunded.';
    throw invalid(message, { code: 'charge_not_refundable', param: 'payment_intent' });
  }
  const isDebit = charge.id.startsWith('py_');
  const refund = draftRefund({
    ...{ charge, amount, created: secondsOf(clock.now()) },
    ...{ reason: wish.reason, metadata: wish.metadata },
    status: isDebit || bend === 'pending' ? 'pending' : 'succeeded',
  });
  refund.balance_transaction = book(desk, refund, {
    ...{ type: isDebit ? 'payment_refund' : 'refund', category: 'refund' },
    ...{ amount: -amount, fee: 0 },
  });
  charge.amount_refunded += amount;
  charge.refunded = charge.amount_refunded === charge.amount;
  books.charges.put(charge);
  books.refunds.put(refund);
  if (refund.status === 'pending') {
    dues.add({ what: 'refund', about: refund.id, code: null }, refundDaysMs);
  }
  news.tell(number, [
    ['refund.created', refund],
    ['charge.refunded', charge],
  ]);
  return refund;
}

function decideAmount(charge: Stripe.Charge, wanted: number | undefined): number {
  if (charge.status !== 'succeeded') {
    throw invalid('This charge has not succeeded.', { param: 'payment_intent' });
  }
  const left = charge.amount - charge.amount_refunded;
  if (left === 0) {
    const message = `Charge ${charge.id} has already been refunded.`;
    throw new Problem(400, {
      ...{ type: 'invalid_request_error', code: 'charge_already_refunded', message },
    });
  }
  if (charge.disputed) {
    const message = `Charge ${charge.id} has been charged back; cannot issue a refund.`;
    throw invalid(message, { code: 'charge_disputed' });
  }
  const amount = wanted ?? left;
  if (amount < 1) throw invalid('Invalid positive integer', { param: 'amount' });
  if (amount > left) {
    const message = `Refund amount (${amount}) is greater than unrefunded amount on charge (${left})`;
    throw invalid(message, { param: 'amount' });
  }
  return amount;
}

/** A refund that was under way arrives. */
export function settleRefund({ books, news }: Desk, refund: Stripe.Refund, number: string): void {
  if (refund.status !== 'pending') return;
  refund.status = 'succeeded';
  delete refund.pending_reason;
  books.refunds.put(refund);
  news.tell(number, [['refund.updated', refund]]);
}

export interface DisputeWish {
  reason: string;
  status: 'needs_response' | 'warning_needs_response' | 'lost';
  amount?: number;
}

/** An owner takes their money back. An inquiry only asks, a lost one is over when it begins, as with debits. */
export function openDispute(desk: Desk, order: Order, wish: DisputeWish): Stripe.Dispute {
  const { books, clock, news } = desk;
  const charge = chargeOf(desk, order);
  const created = secondsOf(clock.now());
  const dispute = draftDispute({
    ...{ charge, amount: wish.amount ?? charge.amount, created },
    ...{ reason: wish.reason, status: wish.status },
    dueBy: wish.status === 'lost' ? null : created + evidenceDays * 86_400,
  });
  const isInquiry = wish.status === 'warning_needs_response';
  if (!isInquiry) moveDisputed(desk, dispute, -1);
  charge.disputed = true;
  books.charges.put(charge);
  books.disputes.put(dispute);
  const happened: [Stripe.Event['type'], object][] = [['charge.dispute.created', dispute]];
  if (!isInquiry) happened.push(['charge.dispute.funds_withdrawn', dispute]);
  if (wish.status === 'lost') happened.push(['charge.dispute.closed', dispute]);
  news.tell(order.number, happened);
  return dispute;
}

/** The bank decides, or the merchant answers or gives up. */
export function moveDispute(
  desk: Desk,
  { dispute, number }: { dispute: Stripe.Dispute; number: string },
  status: 'under_review' | 'won' | 'lost',
): void {
  const { books, news } = desk;
  const isInquiry = dispute.status.startsWith('warning_');
  if (isInquiry) {
    dispute.status = status === 'under_review' ? 'warning_under_review' : 'warning_closed';
  } else {
    dispute.status = status;
  }
  dispute.evidence_details.due_by = null;
  const happened: [Stripe.Event['type'], object][] = [];
  if (status === 'under_review') happened.push(['charge.dispute.updated', dispute]);
  else happened.push(['charge.dispute.closed', dispute]);
  if (status === 'won' && !isInquiry) {
    moveDisputed(desk, dispute, 1);
    happened.push(['charge.dispute.funds_reinstated', dispute]);
  }
  books.disputes.put(dispute);
  news.tell(number, happened);
}

function moveDisputed(desk: Desk, dispute: Stripe.Dispute, sign: 1 | -1): void {
  const id = book(desk, dispute, {
    ...{ type: 'adjustment', category: sign < 0 ? 'dispute' : 'dispute_reversal' },
    ...{ amount: sign * dispute.amount, fee: sign < 0 ? disputeFee : 0 },
  });
  const transaction = desk.books.transactions.get(id);
  if (transaction) dispute.balance_transactions.push(transaction);
}

/** @throws Problem where the order has no charge. */
export function chargeOf({ books }: Desk, order: Order): Stripe.Charge {
  const intent = books.intents.get(order.intent ?? '');
  const charge = books.charges.get(nameOf(intent?.latest_charge));
  if (charge) return charge;
  throw invalid(`The order ${order.number || newId('order')} has not been paid.`);
}
