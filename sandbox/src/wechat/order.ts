/** Orders and refunds as the platform keeps them, and as its API describes them. */

export type Outcome = 'paid' | 'declined' | 'abandoned';

export interface WechatOrder {
  /** The merchant's number, used once. */
  id: string;
  trade_type: 'NATIVE' | 'MWEB';
  appid: string;
  description: string;
  attach: string;
  notify_url: string;
  /** Fen. */
  total: number;
  time_expire: string | null;
  /** Unguessable; names the code and the page of the order. */
  prepay_id: string;
  state: 'NOTPAY' | 'SUCCESS' | 'CLOSED';
  created_at: string;
  paid_at: string | null;
  transaction_id: string | null;
  /** Fen that the platform gave the payer as a coupon. */
  coupon: number;
  /** How often the payer's bank said no. */
  declines: number;
}

export interface WechatRefund {
  /** The merchant's number, used once. */
  id: string;
  out_trade_no: string;
  refund_id: string;
  /** Fen. */
  amount: number;
  reason: string;
  notify_url: string;
  created_at: string;
  /** When it is to succeed by itself; null where it waits to be told. */
  succeeds_at: string | null;
  /** What somebody decided; before that, the time does. */
  decided: 'SUCCESS' | 'CLOSED' | 'ABNORMAL' | null;
  /** Whether the merchant asked for it, or clicked it in the platform's own pages. */
  by: 'api' | 'platform';
}

export type RefundState = 'PROCESSING' | 'SUCCESS' | 'CLOSED' | 'ABNORMAL';

export function refundState(refund: WechatRefund, now: Date): RefundState {
  if (refund.decided) return refund.decided;
  const isDue = refund.succeeds_at !== null && Date.parse(refund.succeeds_at) <= now.getTime();
  return isDue ? 'SUCCESS' : 'PROCESSING';
}

/** A closed refund has given nothing back. */
export function refundedOf(refunds: readonly WechatRefund[]): number {
  return refunds
    .filter(({ decided }) => decided !== 'CLOSED')
    .reduce((sum, { amount }) => sum + amount, 0);
}

/** Where an order names no end of its own. */
const usualTermMs = 7 * 86_400_000;

/** An unpaid order ends with its term, whether or not anybody closes it. */
export function orderState(
  order: WechatOrder,
  refunds: readonly WechatRefund[],
  now: Date,
): 'NOTPAY' | 'SUCCESS' | 'CLOSED' | 'REFUND' {
  if (order.state === 'SUCCESS') return refundedOf(refunds) > 0 ? 'REFUND' : 'SUCCESS';
  const end = order.time_expire ?? new Date(Date.parse(order.created_at) + usualTermMs);
  return new Date(end) <= now ? 'CLOSED' : order.state;
}

/** `2026-03-31T12:00:00+08:00` */
export function beijing(instant: string | Date): string {
  const shifted = new Date(new Date(instant).getTime() + 8 * 3_600_000).toISOString();
  return `${shifted.slice(0, 19)}+08:00`;
}

const stateWords = {
  NOTPAY: '订单未支付',
  SUCCESS: '支付成功',
  CLOSED: '订单已关闭',
  REFUND: '订单发生过退款，退款详情请查询退款单',
};

/** What the query answers, and what news of a payment holds. */
export function describeTransaction(
  order: WechatOrder,
  { mchid, state }: { mchid: string; state: keyof typeof stateWords },
) {
  const paid = order.paid_at !== null && {
    transaction_id: order.transaction_id,
    trade_type: order.trade_type,
    bank_type: 'OTHERS',
    success_time: beijing(order.paid_at),
    payer: { openid: openidOf(order) },
  };
  const payer = order.paid_at !== null && {
    payer_total: order.total - order.coupon,
    payer_currency: 'CNY',
  };
  return {
    appid: order.appid,
    mchid,
    out_trade_no: order.id,
    trade_state: state,
    trade_state_desc: stateWords[state],
    attach: order.attach,
    amount: { total: order.total, currency: 'CNY', ...payer },
    ...paid,
  };
}

export function openidOf(order: WechatOrder): string {
  return `oSandbox${order.prepay_id.slice(-20)}`;
}

/** What the refund calls answer; news of a refund has other names for some of it. */
export function describeRefund(refund: WechatRefund, order: WechatOrder, now: Date) {
  const status = refundState(refund, now);
  return {
    refund_id: refund.refund_id,
    out_refund_no: refund.id,
    transaction_id: order.transaction_id,
    out_trade_no: order.id,
    channel: 'ORIGINAL',
    user_received_account: '支付用户零钱',
    ...(status === 'SUCCESS' ? { success_time: beijing(successOf(refund)) } : {}),
    create_time: beijing(refund.created_at),
    status,
    funds_account: 'UNSETTLED',
    amount: {
      total: order.total,
      refund: refund.amount,
      payer_total: order.total - order.coupon,
      payer_refund: refund.amount,
      settlement_refund: refund.amount,
      settlement_total: order.total,
      discount_refund: 0,
      currency: 'CNY',
    },
  };
}

export function successOf(refund: WechatRefund): string {
  return refund.succeeds_at ?? refund.created_at;
}
