/** Orders and refunds of the v3 API, by their own paths. https://pay.weixin.qq.com/doc/v3/merchant/4012791874 */
import { isRecord } from '../http/exchange.ts';
import { type ApiCall, type ApiReply, type ApiRoute, apiPath, refusal } from './api.ts';
import type { Desk } from './desk.ts';
import { describeRefund, describeTransaction, type WechatOrder } from './order.ts';
import { decideSubmission } from './submission.ts';

const codePrefix = 'weixin://wxpay/bizpayurl?pr=';

/** The text of the code to scan. */
export function codeOf(order: WechatOrder): string {
  return codePrefix + order.prepay_id;
}

export function orderRoutes(desk: Desk, publicUrl: string): ApiRoute[] {
  const numberInBody = ({ body }: ApiCall) => String(body.out_trade_no ?? '');
  const numberInPath = ({ params }: ApiCall) => params.out_trade_no ?? '';
  const path = '/v3/pay/transactions/out-trade-no/{out_trade_no}';
  return [
    {
      method: 'POST',
      path: '/v3/pay/transactions/native',
      about: numberInBody,
      act: (call) => submit(desk, call, 'NATIVE', (order) => ({ code_url: codeOf(order) })),
    },
    {
      method: 'POST',
      path: '/v3/pay/transactions/h5',
      about: numberInBody,
      act: (call) =>
        submit(desk, call, 'MWEB', (order) => ({
          h5_url: `${publicUrl}${apiPath}/h5?prepay_id=${order.prepay_id}&package=${order.prepay_id.slice(0, 10)}`,
        })),
    },
    { method: 'GET', path, about: numberInPath, act: (call) => queryOrder(desk, call) },
    {
      method: 'POST',
      path: `${path}/close`,
      about: numberInPath,
      act: (call) => close(desk, call),
    },
  ];
}

function submit(
  desk: Desk,
  { body }: ApiCall,
  tradeType: WechatOrder['trade_type'],
  describe: (order: WechatOrder) => object,
): ApiReply {
  const { merchant } = desk.account();
  const decision = decideSubmission(body, tradeType, { merchant, now: desk.clock.now() });
  if (!decision.accepted) return refusal(400, decision.code, decision.message);
  const order = desk.submit(decision.submission);
  if (order === 'USED') return refusal(403, 'OUT_TRADE_NO_USED', '商户订单号重复');
  if (order === 'ORDERPAID') return refusal(400, 'ORDERPAID', '该订单已支付');
  if (order === 'ORDER_CLOSED') return refusal(400, 'ORDER_CLOSED', '订单已关闭');
  return { status: 200, body: describe(order) };
}

function queryOrder(desk: Desk, { params, query }: ApiCall): ApiReply {
  const { mchid } = desk.account().merchant;
  if (query.get('mchid') !== mchid) return refusal(400, 'PARAM_ERROR', '商户号有误');
  const order = desk.find(params.out_trade_no ?? '');
  if (!order) return refusal(404, 'ORDER_NOT_EXIST', '订单不存在');
  return { status: 200, body: describeTransaction(order, { mchid, state: desk.stateOf(order) }) };
}

/** A number that was never ordered is closed like any other: the platform says 204 to it too. */
function close(desk: Desk, { params, body }: ApiCall): ApiReply {
  if (body.mchid !== desk.account().merchant.mchid) {
    return refusal(400, 'PARAM_ERROR', '商户号有误');
  }
  const order = desk.find(params.out_trade_no ?? '');
  if (!order) return { status: 204 };
  const state = desk.stateOf(order);
  if (state === 'SUCCESS' || state === 'REFUND') return refusal(400, 'ORDERPAID', '订单已支付');
  if (state === 'NOTPAY') desk.close(order);
  return { status: 204 };
}

export function refundRoutes(desk: Desk): ApiRoute[] {
  return [
    {
      method: 'POST',
      path: '/v3/refund/domestic/refunds',
      about: ({ body }) => String(body.out_trade_no ?? ''),
      act: (call) => refund(desk, call),
    },
    {
      method: 'GET',
      path: '/v3/refund/domestic/refunds/{out_refund_no}',
      about: ({ params }) => desk.findRefund(params.out_refund_no ?? '')?.out_trade_no ?? '',
      act: ({ params }) => describe(desk, params.out_refund_no ?? ''),
    },
  ];
}

/** The same number again is the same refund, where it is asked for in the same words. */
function refund(desk: Desk, { body }: ApiCall): ApiReply {
  const wish = readWish(body);
  if (!wish) return refusal(400, 'PARAM_ERROR', '参数错误');
  const order = desk.find(wish.number);
  if (!order) return refusal(404, 'RESOURCE_NOT_EXISTS', '订单不存在');
  const known = desk.findRefund(wish.id);
  if (known) {
    const isSame = known.out_trade_no === order.id && known.amount === wish.amount;
    return isSame ? describe(desk, wish.id) : refusal(400, 'INVALID_REQUEST', '退款单号重复');
  }
  if (order.state !== 'SUCCESS') return refusal(400, 'INVALID_REQUEST', '订单未支付');
  if (wish.total !== order.total) return refusal(400, 'INVALID_REQUEST', '订单金额不一致');
  const bend = desk.steeringOf(order.id).refund;
  if (bend === 'refuse') return refusal(403, 'NOT_ENOUGH', '基本账户余额不足，请充值后重新发起');
  const { id, amount, reason, notify_url } = wish;
  const made = desk.refund(order, { id, amount, reason, notify_url, by: 'api' });
  if (!made) return refusal(400, 'INVALID_REQUEST', '申请退款金额大于订单可退金额');
  return { ...describe(desk, id), isLost: bend === 'lost' };
}

function readWish(body: Record<string, unknown>) {
  const { out_trade_no, out_refund_no, reason = '', notify_url, amount } = body;
  if (!isRecord(amount) || amount.currency !== 'CNY') return undefined;
  const { refund: wanted, total } = amount;
  const isFen = (value: unknown): value is number =>
    typeof value === 'number' && Number.isInteger(value) && value > 0;
  if (!isFen(wanted) || !isFen(total)) return undefined;
  if (typeof out_refund_no !== 'string' || !/^[0-9A-Za-z_\-|*@]{1,64}$/.test(out_refund_no)) {
    return undefined;
  }
  if (typeof out_trade_no !== 'string' || typeof notify_url !== 'string') return undefined;
  if (typeof reason !== 'string' || Buffer.byteLength(reason) > 80) return undefined;
  return { id: out_refund_no, number: out_trade_no, amount: wanted, total, reason, notify_url };
}

function describe(desk: Desk, number: string): ApiReply {
  const made = desk.findRefund(number);
  const order = made && desk.find(made.out_trade_no);
  if (!made || !order) return refusal(404, 'RESOURCE_NOT_EXISTS', '退款单不存在');
  return { status: 200, body: describeRefund(made, order, desk.clock.now()) };
}
