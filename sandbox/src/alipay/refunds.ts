/** Refunds as merchants ask for them, and what Alipay says of them later. */
import { refusal, type Said, success } from './answer.ts';
import { beijingTime } from './beijing.ts';
import type { Desk } from './desk.ts';
import { parseFen } from './money.ts';
import type { GatewayCall } from './request.ts';
import { leftFen, refundedFen, type Trade, yuan } from './trade.ts';

/** The same number twice is one refund: the second time no money moves, and the answer says so. */
export function refundTrade(desk: Desk, { biz }: GatewayCall): Said {
  const trade = desk.book.find(String(biz.out_trade_no));
  if (!trade || trade.status === 'registered') return refusal('ACQ.TRADE_NOT_EXIST', '交易不存在');
  const request = String(biz.out_request_no ?? trade.id);
  const fen = parseFen(biz.refund_amount);
  if (fen === undefined) return refusal('ACQ.INVALID_PARAMETER', '退款金额无效');
  const made = trade.refunds.find((refund) => refund.request === request);
  if (made) {
    return made.amount === yuan(fen)
      ? success(describe(trade, 'N'))
      : refusal('ACQ.DISCORDANT_REPEAT_REQUEST', '请求信息不一致');
  }
  if (desk.steeringOf(trade.id).refund === 'refuse') {
    return refusal('ACQ.SELLER_BALANCE_NOT_ENOUGH', '商户的支付宝账户中无足够的资金进行退款');
  }
  if (trade.status !== 'TRADE_SUCCESS') return refusal('ACQ.TRADE_STATUS_ERROR', '交易状态不合法');
  if (fen > leftFen(trade)) {
    return refusal('ACQ.REFUND_AMT_NOT_EQUAL_TOTAL', '退款金额超限');
  }
  const reason = String(biz.refund_reason ?? '');
  const isPending = desk.steeringOf(trade.id).refund === 'pending';
  // The notification is on its way while the answer is: neither waits for the other.
  void desk.refund(trade, { request, fen, reason, madeBy: 'merchant' });
  return success(describe(trade, isPending ? 'N' : 'Y'));
}

function describe(trade: Trade, fundChange: 'Y' | 'N') {
  return {
    trade_no: trade.trade_no,
    out_trade_no: trade.id,
    fund_change: fundChange,
    // Of all refunds of the trade together.
    refund_fee: yuan(refundedFen(trade)),
  };
}

/** Of what it does not know it says success, and nothing else. */
export function queryRefund(desk: Desk, { biz }: GatewayCall): Said {
  const trade = desk.book.find(String(biz.out_trade_no));
  if (!trade || trade.status === 'registered') return refusal('ACQ.TRADE_NOT_EXIST', '交易不存在');
  const refund = desk.findRefund(trade, String(biz.out_request_no));
  if (!refund) return success();
  return success({
    trade_no: trade.trade_no,
    out_trade_no: trade.id,
    out_request_no: refund.request,
    refund_reason: refund.reason,
    total_amount: trade.total_amount,
    refund_amount: refund.amount,
    refund_status: refund.status === 'done' ? 'REFUND_SUCCESS' : 'REFUND_PROCESSING',
    gmt_refund_pay: beijingTime(new Date(refund.at)),
  });
}
