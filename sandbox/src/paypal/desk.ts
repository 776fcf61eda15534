/** What happens at the vendor: payers approve, merchants capture and refund, and everybody concerned is told. */
import type { Clock } from '../steering/clock.ts';
import type { Book, CaptureRecord, OrderRecord, RefundRecord, SetupRecord } from './book.ts';
import { drawId } from './credentials.ts';
import { type Amount, amountOf, feeOf, unitsOf } from './money.ts';
import type { Notifier } from './notifier.ts';
import {
  presentCaptureAlone,
  presentOrder,
  presentRefund,
  presentToken,
  refundedUnits,
  type Urls,
} from './present.ts';
import { issueIn, type Outcome } from './steering.ts';

export interface DeskParts {
  book: Book;
  clock: Clock;
  notifier: Notifier;
  urls: Urls;
}

export type Desk = ReturnType<typeof openDesk>;
/** What is refused, by the vendor's name for it. */
export type Refusable<T> = { done: T } | { issue: string };

export function openDesk(parts: DeskParts) {
  const { book, notifier } = parts;
  return {
    ...parts,
    capture: (order: OrderRecord) => captureOrder(parts, order),
    charge: (order: OrderRecord) => chargeOrder(parts, order),
    refund: (order: OrderRecord, wanted: WantedRefund) => refundOrder(parts, order, wanted),
    keep: (setup: SetupRecord) => keepToken(parts, setup.customer, setup.number),
    removeToken(id: string): void {
      const token = book.tokens.get(id);
      if (!token) return;
      book.tokens.remove(id);
      notifier.tell(id, {
        event_type: 'VAULT.PAYMENT-TOKEN.DELETED',
        resource_type: 'payment_token',
        resource_version: '3.0',
        summary: 'A payment token has been deleted.',
        resource: presentToken(token, parts.urls),
      });
    },
    /** What the payer did. Who paid before only makes the vendor tell of it once more. */
    decide(order: OrderRecord, outcome: Outcome): void {
      if (outcome === 'abandoned') return;
      if (order.capture) notifier.tellAgain(order.number);
      else approve(parts, order, outcome === 'declined' ? 'INSTRUMENT_DECLINED' : null);
    },
    decideSetup(setup: SetupRecord, outcome: Outcome): void {
      if (outcome !== 'paid' || setup.status !== 'PAYER_ACTION_REQUIRED') return;
      book.setups.put({ ...setup, status: 'APPROVED' });
    },
  };
}

function approve(parts: DeskParts, order: OrderRecord, declines: string | null): void {
  const { book, notifier, urls } = parts;
  change(parts, order, { status: 'APPROVED', declines });
  book.save(order);
  notifier.tell(order.number, {
    event_type: 'CHECKOUT.ORDER.APPROVED',
    resource_type: 'checkout-order',
    summary: 'An order has been approved by buyer',
    resource: presentOrder(order, urls),
  });
}

function captureOrder(parts: DeskParts, order: OrderRecord): Refusable<CaptureRecord> {
  const { book } = parts;
  if (order.capture) return { issue: 'ORDER_ALREADY_CAPTURED' };
  if (order.status !== 'APPROVED') return { issue: 'ORDER_NOT_APPROVED' };
  const twin = book.orderOfNumber(order.number);
  if (twin?.capture && twin.id !== order.id) return { issue: 'DUPLICATE_INVOICE_ID' };
  const { capture } = book.steeringOf(order.number);
  const issue = order.declines ?? issueIn(capture);
  if (issue !== undefined) {
    // The payer has to choose another card, and approve again.
    change(parts, order, { status: 'PAYER_ACTION_REQUIRED', declines: null });
    return { issue };
  }
  return { done: take(parts, order, capture === 'processing') };
}

/** By a token of the vault: nobody has to approve it. */
function chargeOrder(parts: DeskParts, order: OrderRecord): Refusable<CaptureRecord> {
  const { charge } = parts.book.steeringOf(order.number);
  const issue = issueIn(charge);
  if (issue !== undefined) return { issue };
  if (parts.book.orderOfNumber(order.number)?.capture) return { issue: 'DUPLICATE_INVOICE_ID' };
  return { done: take(parts, order, charge === 'processing') };
}

function take(parts: DeskParts, order: OrderRecord, isPending: boolean): CaptureRecord {
  const { book, clock, notifier, urls } = parts;
  const { captured: bent, amount: claimed } = book.steeringOf(order.number);
  const amount =
    bent === undefined ? order.amount : amountOf(BigInt(bent), order.amount.currency_code);
  const capture: CaptureRecord = {
    id: drawId(),
    status: isPending ? 'PENDING' : 'COMPLETED',
    amount,
    fee: feeOf(amount),
    at: clock.now().toISOString(),
  };
  const kept = order.keeps_for === null ? null : keepToken(parts, order.keeps_for, order.number).id;
  change(parts, order, { status: 'COMPLETED', capture, kept });
  const { currency_code, value } = amount;
  notifier.tell(order.number, {
    event_type: isPending ? 'PAYMENT.CAPTURE.PENDING' : 'PAYMENT.CAPTURE.COMPLETED',
    resource_type: 'capture',
    summary: `Payment ${isPending ? 'pending' : 'completed'} for ${value} ${currency_code}`,
    resource: {
      ...presentCaptureAlone(capture, order, urls),
      ...(claimed === undefined ? {} : { amount: amountOf(BigInt(claimed), currency_code) }),
    },
  });
  return capture;
}

export interface WantedRefund {
  amount: Amount | undefined;
  invoice_id: string | null;
  custom_id: string | null;
  note: string | null;
  /** Made by the merchant on the vendor's own pages: no steering of API calls applies. */
  isManual: boolean;
}

function refundOrder(
  parts: DeskParts,
  order: OrderRecord,
  wanted: WantedRefund,
): Refusable<RefundRecord> {
  const { book, clock } = parts;
  const { capture, refunds } = order;
  const bend = wanted.isManual ? 'normal' : book.steeringOf(order.number).refund;
  if (capture?.status !== 'COMPLETED' || bend === 'refuse') return { issue: 'REFUND_NOT_ALLOWED' };
  const left = unitsOf(capture.amount) - refundedUnits(order);
  if (left <= 0n) return { issue: 'CAPTURE_FULLY_REFUNDED' };
  const amount = wanted.amount ?? amountOf(left, capture.amount.currency_code);
  if (amount.currency_code !== capture.amount.currency_code) {
    return { issue: 'REFUND_CAPTURE_CURRENCY_MISMATCH' };
  }
  if (unitsOf(amount) > left) return { issue: 'REFUND_AMOUNT_EXCEEDED' };
  const isRepeated = refunds.some(
    ({ invoice_id }) => invoice_id !== null && invoice_id === wanted.invoice_id,
  );
  if (isRepeated && !wanted.isManual) return { issue: 'DUPLICATE_INVOICE_ID' };
  const { invoice_id, custom_id, note } = wanted;
  const refund: RefundRecord = {
    id: drawId(),
    status: bend === 'pending' ? 'PENDING' : 'COMPLETED',
    ...{ amount, invoice_id, custom_id, note },
    at: clock.now().toISOString(),
  };
  change(parts, order, { refunds: [...refunds, refund] });
  tellOfRefund(parts, order, refund);
  return { done: refund };
}

function tellOfRefund(
  { notifier, urls }: DeskParts,
  order: OrderRecord,
  refund: RefundRecord,
): void {
  const { currency_code, value } = refund.amount;
  const isPending = refund.status === 'PENDING';
  notifier.tell(order.number, {
    event_type: isPending ? 'PAYMENT.REFUND.PENDING' : 'PAYMENT.CAPTURE.REFUNDED',
    resource_type: 'refund',
    summary: `A ${value} ${currency_code} capture payment was refunded`,
    resource: presentRefund(refund, order, urls),
  });
}

function keepToken({ book, clock, notifier, urls }: DeskParts, customer: string, about: string) {
  const token = { id: drawId(), customer, created_at: clock.now().toISOString() };
  book.tokens.put(token);
  notifier.tell(about, {
    event_type: 'VAULT.PAYMENT-TOKEN.CREATED',
    resource_type: 'payment_token',
    resource_version: '3.0',
    summary: 'A payment token has been created.',
    resource: presentToken(token, urls),
  });
  return token;
}

function change({ book, clock }: DeskParts, order: OrderRecord, to: Partial<OrderRecord>): void {
  book.save(Object.assign(order, to, { updated_at: clock.now().toISOString() }));
}
