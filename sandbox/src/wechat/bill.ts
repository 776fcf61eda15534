/** The trade bill of one Beijing day: what was paid and what was refunded, in the platform's own columns and amounts. */
import { openidOf, refundState, successOf, type WechatOrder, type WechatRefund } from './order.ts';

export interface BillParts {
  mchid: string;
  orders: readonly WechatOrder[];
  refunds: readonly WechatRefund[];
  now: Date;
}

const heads =
  '交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注';
const totalHeads =
  '总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额';
const feePerMyriad = 60;

interface Row {
  at: string;
  cells: string[];
  paid: number;
  refunded: number;
  fee: number;
}

/** The whole file, or undefined where nothing happened on the day. */
export function writeBill(
  date: string,
  { mchid, orders, refunds, now }: BillParts,
): string | undefined {
  const paid = orders
    .filter((order) => order.paid_at !== null && beijingDay(order.paid_at) === date)
    .map((order) => paidRow(order, mchid));
  const refunded = refunds.flatMap((refund) => {
    const isDone = refundState(refund, now) === 'SUCCESS';
    const order = orders.find(({ id }) => id === refund.out_trade_no);
    const isOfDay = isDone && beijingDay(successOf(refund)) === date;
    return order && isOfDay ? [refundedRow(refund, order, mchid)] : [];
  });
  const rows = [...paid, ...refunded].sort((a, b) => (a.at < b.at ? 1 : -1));
  if (rows.length === 0) return undefined;
  const sum = (name: 'paid' | 'refunded' | 'fee') =>
    rows.reduce((total, row) => total + row[name], 0);
  const totals = [
    ...[String(rows.length), yuan(sum('paid')), yuan(sum('refunded')), '0.00'],
    ...[`${yuan(sum('fee'))}000`, yuan(sum('paid')), yuan(sum('refunded'))],
  ];
  const lines = [heads, ...rows.map(({ cells }) => ticked(cells)), totalHeads, ticked(totals)];
  return `\uFEFF${lines.join('\r\n')}\r\n`;
}

/** `2026-03-31` in Beijing. */
export function beijingDay(instant: string | Date): string {
  return new Date(instant).toLocaleDateString('sv-SE', { timeZone: 'Asia/Shanghai' });
}

function paidRow(order: WechatOrder, mchid: string): Row {
  const at = order.paid_at ?? order.created_at;
  const fee = feeOf(order.total);
  const cells = [
    ...common(order, mchid, at),
    ...['SUCCESS', 'OTHERS', 'CNY', yuan(order.total), yuan(order.coupon)],
    ...['0', '0', '0.00', '0.00', '', '', order.description, order.attach],
    ...[`${yuan(fee)}000`, '0.60%', yuan(order.total), '0.00', ''],
  ];
  return { at, cells, paid: order.total, refunded: 0, fee };
}

/** A refund gives its share of the fee back. */
function refundedRow(refund: WechatRefund, order: WechatOrder, mchid: string): Row {
  const at = successOf(refund);
  const fee = -feeOf(refund.amount);
  const amount = yuan(refund.amount);
  const cells = [
    ...common(order, mchid, at),
    ...['REFUND', 'OTHERS', 'CNY', '0.00', '0.00'],
    ...[refund.refund_id, refund.id, amount, '0.00', 'ORIGINAL', 'SUCCESS'],
    ...[order.description, order.attach, `${yuan(fee)}000`, '0.60%', '0.00', amount, ''],
  ];
  return { at, cells, paid: 0, refunded: refund.amount, fee };
}

function common(order: WechatOrder, mchid: string, at: string): string[] {
  const time = new Date(at).toLocaleString('sv-SE', { timeZone: 'Asia/Shanghai' });
  return [
    ...[time, order.appid, mchid, '0', '', order.transaction_id ?? '', order.id],
    ...[openidOf(order), order.trade_type],
  ];
}

function feeOf(fen: number): number {
  return Math.round((fen * feePerMyriad) / 10_000);
}

/** Fen as yuan with two decimals. */
export function yuan(fen: number): string {
  const digits = String(Math.abs(fen)).padStart(3, '0');
  return `${fen < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** A backtick before each cell keeps spreadsheets from reading long numbers. */
function ticked(cells: string[]): string {
  return cells.map((cell) => `\`${cell.replaceAll(',', ' ')}`).join(',');
}
