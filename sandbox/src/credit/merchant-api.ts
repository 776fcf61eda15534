/** What the merchant's server asks the provider: the state of an order, and its refund. The key travels in the open. */
import { type Exchange, sendJson } from '../http/exchange.ts';
import type { Route } from '../http/router.ts';
import type { Desk } from './desk.ts';
import { readFields } from './fields.ts';
import type { CreditOrder } from './order.ts';
import type { Fields } from './signature.ts';
import { parseMoney } from './submission.ts';

export function merchantApiRoutes(desk: Desk): Route[] {
  const path = '/sandbox/credit/api.php';
  return [
    { method: 'GET', path, handle: (exchange) => queryOrder(desk, exchange) },
    { method: 'POST', path, handle: (exchange) => refundOrder(desk, exchange) },
  ];
}

function queryOrder(desk: Desk, { query, response }: Exchange) {
  const fields: Fields = Object.fromEntries(query);
  if (!isMerchant(desk, fields)) return sendJson(response, 401, failure('认证失败'));
  if (fields.act !== 'order') return sendJson(response, 400, failure('不支持的操作'));
  const order = desk.find(fields.out_trade_no ?? '') ?? desk.findByTrade(fields.trade_no ?? '');
  if (!order) return sendJson(response, 404, failure(UNKNOWN_ORDER));
  const { query: bend } = desk.steeringOf(order.id);
  if (bend === 'down') return sendJson(response, 500, failure('系统繁忙'));
  const isPaid = order.status === 'paid' && bend !== 'unpaid';
  sendJson(response, 200, describeForMerchant(order, { pid: desk.merchant.pid, isPaid }));
}

async function refundOrder(desk: Desk, exchange: Exchange) {
  const { response } = exchange;
  const fields = await readFields(exchange);
  if (!isMerchant(desk, fields)) return sendJson(response, 401, failure('认证失败'));

  const order = desk.findByTrade(fields.trade_no ?? '');
  const isOurs = !fields.out_trade_no || order?.id === fields.out_trade_no;
  if (!order || !isOurs || order.status !== 'paid') {
    return sendJson(response, 404, failure(UNKNOWN_ORDER));
  }
  if (parseMoney(fields.money ?? '') !== order.money) {
    return sendJson(response, 400, failure('仅支持全额退款'));
  }
  const { refund: bend } = desk.steeringOf(order.id);
  if (bend === 'refuse') return sendJson(response, 400, failure('退款失败'));
  desk.refund(order);
  if (bend === 'lost') response.destroy();
  else sendJson(response, 200, { code: 1, msg: '退款成功' });
}

const UNKNOWN_ORDER = '订单不存在或已完成';

function isMerchant(desk: Desk, fields: Fields): boolean {
  return fields.pid === desk.merchant.pid && fields.key === desk.merchant.key;
}

/** `status` is 1 only while the money is the merchant's: a refunded order reads 0 again. */
function describeForMerchant(order: CreditOrder, view: { pid: string; isPaid: boolean }) {
  return {
    code: 1,
    msg: '查询订单号成功！',
    trade_no: order.trade_no,
    out_trade_no: order.id,
    type: 'epay',
    pid: view.pid,
    addtime: formatTime(order.created_at),
    endtime: order.paid_at === null ? '' : formatTime(order.paid_at),
    name: order.name,
    money: order.money,
    status: view.isPaid ? 1 : 0,
  };
}

/** The provider writes its own zone, UTC+8, without saying so. */
function formatTime(instant: string): string {
  return new Date(instant).toLocaleString('sv-SE', { timeZone: 'Asia/Shanghai' });
}

function failure(message: string) {
  return { code: -1, msg: message };
}
