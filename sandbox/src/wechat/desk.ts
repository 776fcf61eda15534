/** The platform's desk: takes orders, payments and refunds, and keeps the book. */
import { randomBytes, randomInt } from 'node:crypto';
import { RequestError } from '../http/exchange.ts';
import type { Clock } from '../steering/clock.ts';
import type { Journal } from '../storage/journal.ts';
import type { WechatAccount } from './account.ts';
import {
  type Outcome,
  orderState,
  refundedOf,
  refundState,
  type WechatOrder,
  type WechatRefund,
} from './order.ts';
import type { Steering } from './steering.ts';
import { isSameSubmission, type Submission } from './submission.ts';
import type { RefundEnd, Teller } from './teller.ts';

export interface KeptSteering {
  /** The merchant's order number, or `*` for orders without steering of their own. */
  id: string;
  steering: Steering;
}

export interface DeskParts {
  account: () => WechatAccount;
  clock: Clock;
  orders: Journal<WechatOrder>;
  refunds: Journal<WechatRefund>;
  steer: (number: string, steering: Steering) => void;
  steeringOf: (number: string) => Steering;
  teller: Teller;
}

export type Desk = ReturnType<typeof openDesk>;
export type RefundWish = Pick<WechatRefund, 'id' | 'amount' | 'reason' | 'notify_url' | 'by'>;

/** What a refund takes to reach the payer's balance. */
const refundMs = 1_000;

export function openDesk(parts: DeskParts) {
  const { account, clock, orders, refunds, steer, steeringOf, teller } = parts;
  const refundsOf = (order: WechatOrder) =>
    refunds.all().filter(({ out_trade_no }) => out_trade_no === order.id);
  const stateOf = (order: WechatOrder) => orderState(order, refundsOf(order), clock.now());

  /** The order as it is known, or what stands against it. */
  function submit(submission: Submission): WechatOrder | 'ORDERPAID' | 'ORDER_CLOSED' | 'USED' {
    const known = orders.get(submission.id);
    if (known) {
      const state = stateOf(known);
      if (state === 'CLOSED') return 'ORDER_CLOSED';
      if (state !== 'NOTPAY') return 'ORDERPAID';
      return isSameSubmission(known, submission) ? known : 'USED';
    }
    const order = newOrder(submission, clock.now());
    orders.put(order);
    return order;
  }

  /** What the payer did; paying a paid order again changes nothing. */
  function decide(order: WechatOrder, outcome: Outcome): void {
    const state = stateOf(order);
    if (state === 'CLOSED') throw new RequestError(409, 'The order is closed.');
    if (state !== 'NOTPAY' || outcome === 'abandoned') return;
    if (outcome === 'declined') order.declines += 1;
    else {
      order.state = 'SUCCESS';
      order.paid_at = clock.now().toISOString();
      order.transaction_id = `4200${drawDigits(24)}`;
      order.coupon = Math.min(order.total, Number(steeringOf(order.id).coupon ?? '0'));
    }
    orders.put(order);
  }

  /** Undefined where more would be given back than was paid. */
  function refund(order: WechatOrder, wish: RefundWish): WechatRefund | undefined {
    if (refundedOf(refundsOf(order)) + wish.amount > order.total) return undefined;
    const now = clock.now();
    const isPending = steeringOf(order.id).refund === 'pending';
    const made: WechatRefund = {
      ...wish,
      out_trade_no: order.id,
      refund_id: `50${drawDigits(27)}`,
      created_at: now.toISOString(),
      succeeds_at: isPending ? null : new Date(now.getTime() + refundMs).toISOString(),
      decided: null,
    };
    refunds.put(made);
    if (!isPending) void teller.tellRefund(order, made, { state: 'SUCCESS', waitMs: refundMs });
    return made;
  }

  /** What became of a refund that waits: done, closed, or stuck at a card that is gone. */
  async function decideRefund(made: WechatRefund, state: RefundEnd['state']): Promise<void> {
    const order = orders.get(made.out_trade_no);
    const current = refundState(made, clock.now());
    const isOpen = made.succeeds_at === null && current !== 'SUCCESS' && current !== 'CLOSED';
    if (!order || !isOpen) throw new RequestError(409, 'The refund is decided already.');
    made.decided = state;
    if (state === 'SUCCESS') made.succeeds_at = clock.now().toISOString();
    refunds.put(made);
    await teller.tellRefund(order, made, { state });
  }

  return {
    ...{ account, clock, steer, steeringOf, refundsOf, stateOf, submit, decide, refund },
    decideRefund,
    tell: teller.tellPayment,
    close(order: WechatOrder) {
      order.state = 'CLOSED';
      orders.put(order);
    },
    find: (number: string) => orders.get(number),
    findByPage: (prepayId: string) => orders.all().find((order) => order.prepay_id === prepayId),
    findRefund: (number: string) => refunds.get(number),
    newestFirst: () => orders.all().reverse(),
    allRefunds: () => refunds.all(),
  };
}

function newOrder(submission: Submission, now: Date): WechatOrder {
  return {
    ...submission,
    prepay_id: randomBytes(18).toString('hex'),
    state: 'NOTPAY',
    created_at: now.toISOString(),
    ...{ paid_at: null, transaction_id: null, coupon: 0, declines: 0 },
  };
}

export function drawDigits(length: number): string {
  return Array.from({ length }, () => randomInt(10)).join('');
}
