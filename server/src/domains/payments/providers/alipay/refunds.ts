/**
 * Refunds, by our refund number as Alipay's `out_request_no`: the same number sent twice is one refund there.
 * https://opendocs.alipay.com/open/02ivbt
 */
import type { RefundOrder, RefundOutcome } from '../../provider.ts';
import { type RefundFound, readRefund, refusalIn, successCode } from './answers.ts';
import type { Gateway } from './gateway.ts';
import { writeYuan } from './money.ts';

export async function refundOrder(gateway: Gateway, order: RefundOrder): Promise<RefundOutcome> {
  const { number, payment, amount } = order;
  const answer = await gateway.call('alipay.trade.refund', {
    biz: {
      out_trade_no: payment.number,
      refund_amount: writeYuan(amount),
      out_request_no: number,
      refund_reason: reasonOf(order.reason),
    },
  });
  const isDone = answer.kind === 'answered' && answer.code === successCode;
  if (
    isDone &&
    answer.fields.out_trade_no === payment.number &&
    answer.fields.fund_change === 'Y'
  ) {
    return { status: 'succeeded', reference: number };
  }
  // `N`: no money moved this time, for it moved the first time, or not at all.
  const refusal = refusalIn(answer);
  if (!isDone && !refusal) return { status: 'unknown' };
  const found = await findRefund(gateway, order);
  if (found.status !== 'absent') return found;
  return refusal
    ? { status: 'failed', reason: `Alipay refused it: ${refusal.subCode}.` }
    : { status: 'unknown' };
}

export async function findRefund(
  gateway: Gateway,
  { number, payment, amount }: RefundOrder,
): Promise<RefundOutcome | { status: 'absent' }> {
  const found = await queryRefund(gateway, { order: payment.number, request: number });
  switch (found.status) {
    case 'pending':
      return { status: 'pending', reference: number };
    case 'failed':
      return { status: 'failed', reason: 'Alipay could not give the money back.' };
    case 'succeeded':
      // Another amount by this number is another refund, about which nothing is known.
      return found.amount.minor === amount.minor
        ? { status: 'succeeded', reference: number }
        : { status: 'unknown' };
    default:
      return { status: found.status };
  }
}

export async function queryRefund(
  gateway: Gateway,
  { order, request }: { order: string; request: string },
): Promise<RefundFound> {
  const biz = { out_trade_no: order, out_request_no: request };
  return readRefund(await gateway.call('alipay.trade.fastpay.refund.query', { biz }), request);
}

function reasonOf(reason: string): string {
  return [...reason.replace(/\s+/g, ' ').trim()].slice(0, 100).join('') || 'Refund';
}
