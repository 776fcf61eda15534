/** The provider's desk: takes submissions, payments and refunds, and keeps the book of orders. */
import { randomBytes, randomInt } from 'node:crypto';
import type { Journal } from '../storage/journal.ts';
import type { Notifier } from './notifier.ts';
import { composeNotifies } from './notify.ts';
import { type CreditOrder, canBePaid, type Outcome } from './order.ts';
import type { Steering } from './steering.ts';
import type { Merchant, Submission } from './submission.ts';

export interface KeptSteering {
  /** The merchant's order number, or `*` for orders without steering of their own. */
  id: string;
  steering: Steering;
}

export interface DeskParts {
  merchant: Merchant;
  orders: Journal<CreditOrder>;
  steerings: Journal<KeptSteering>;
  notifier: Notifier;
}

export type Desk = ReturnType<typeof openDesk>;

export function openDesk(parts: DeskParts) {
  const { merchant, orders, steerings, notifier } = parts;

  function steeringOf(outTradeNo: string): Steering {
    return (steerings.get(outTradeNo) ?? steerings.get('*'))?.steering ?? {};
  }

  /** Undefined where the merchant used the number before. */
  async function submit(submission: Submission): Promise<CreditOrder | undefined> {
    if (orders.get(submission.outTradeNo)) return undefined;
    const order = openOrder(submission);
    orders.put(order);
    if (steeringOf(order.id).pay_at_submit) await decide(order, 'paid');
    return order;
  }

  /** What the payer did. Paying a paid order again only repeats its notifications, as a replay. */
  async function decide(order: CreditOrder, outcome: Outcome): Promise<void> {
    if (outcome === 'paid') return pay(order);
    if (outcome === 'declined' && order.status === 'pending') {
      order.status = 'declined';
      orders.put(order);
    }
  }

  async function pay(order: CreditOrder): Promise<void> {
    const now = new Date();
    if (canBePaid(order)) {
      order.status = 'paid';
      order.paid_at = now.toISOString();
    }
    const steering = steeringOf(order.id);
    const notifies = composeNotifies(order, steering, { merchant, now });
    order.notifies.push(...notifies);
    orders.put(order);
    const delivered = notifier.deliver(order, notifies, steering.concurrency ?? 1);
    if (steering.before_redirect || steering.pay_at_submit) await delivered;
  }

  function refund(order: CreditOrder): void {
    order.status = 'refunded';
    order.refunded_at = new Date().toISOString();
    orders.put(order);
  }

  return {
    merchant,
    submit,
    decide,
    refund,
    steeringOf,
    steer: (outTradeNo: string, steering: Steering) => steerings.put({ id: outTradeNo, steering }),
    find: (outTradeNo: string) => orders.get(outTradeNo),
    findByPage: (orderNo: string) => orders.all().find((order) => order.order_no === orderNo),
    findByTrade: (tradeNo: string) => orders.all().find((order) => order.trade_no === tradeNo),
    newestFirst: () => orders.all().reverse(),
  };
}

function openOrder(submission: Submission): CreditOrder {
  return {
    id: submission.outTradeNo,
    order_no: randomBytes(24).toString('base64url'),
    trade_no: drawTradeNumber(),
    name: submission.name,
    money: submission.money,
    device: submission.device,
    notify_url: submission.notifyUrl,
    return_url: submission.returnUrl,
    status: 'pending',
    created_at: new Date().toISOString(),
    paid_at: null,
    refunded_at: null,
    notifies: [],
  };
}

/** Eighteen digits, as the provider's own numbers have. */
function drawTradeNumber(): string {
  return `${Date.now()}${String(randomInt(100_000)).padStart(5, '0')}`;
}
