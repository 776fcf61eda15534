/** The bill of a day: two lists in GBK, one of single payments and refunds and one of their sums, in a zip archive. */
import type { Account } from './account.ts';
import { beijingTime } from './beijing.ts';
import { encodeGbk } from './gbk.ts';
import { feeOf, fenOf, type Trade, yuan } from './trade.ts';
import { zip } from './zip.ts';

export interface BillLine {
  trade: Trade;
  kind: '交易' | '退款';
  at: Date;
  /** As it changed the merchant's balance. */
  fen: bigint;
  /** The refund's number. */
  request: string;
}

/** What was paid and given back in the half-open span, the oldest first. */
export function billLines(trades: readonly Trade[], span: { from: Date; to: Date }): BillLine[] {
  const isWithin = ({ at }: BillLine) => at >= span.from && at < span.to;
  return trades
    .flatMap(linesOf)
    .filter(isWithin)
    .sort((a, b) => a.at.getTime() - b.at.getTime());
}

function linesOf(trade: Trade): BillLine[] {
  if (trade.paid_at === null) return [];
  const paid: BillLine = {
    ...{ trade, kind: '交易', at: new Date(trade.paid_at), request: '' },
    fen: fenOf(trade.total_amount),
  };
  const refunds = trade.refunds
    .filter(({ status }) => status === 'done')
    .map(({ request, amount, at }): BillLine => {
      return { trade, kind: '退款', at: new Date(at), fen: -fenOf(amount), request };
    });
  return [paid, ...refunds];
}

const head = [
  ...['支付宝交易号', '商户订单号', '业务类型', '商品名称', '创建时间', '完成时间'],
  ...['门店编号', '门店名称', '操作员', '终端号', '对方账户'],
  ...['订单金额（元）', '商家实收（元）', '支付宝红包（元）', '集分宝（元）', '支付宝优惠（元）'],
  ...['商家优惠（元）', '券核销金额（元）', '券名称', '商家红包消费金额（元）', '卡消费金额（元）'],
  ...['退款批次号/请求号', '服务费（元）', '分润（元）', '备注'],
];

export function packBill(date: string, lines: readonly BillLine[], account: Account): Buffer {
  const prefix = `${account.sellerId}0156_${date.replaceAll('-', '')}`;
  const file = (name: string, rows: readonly string[]) => ({
    name: encodeGbk(`${prefix}_${name}.csv`),
    content: encodeGbk(`${rows.join('\r\n')}\r\n`),
  });
  return zip([
    file('业务明细', detailRows(date, lines, account)),
    file('业务明细(汇总)', summaryRows(date, lines, account)),
  ]);
}

function detailRows(date: string, lines: readonly BillLine[], account: Account): string[] {
  const paid = lines.filter(({ kind }) => kind === '交易');
  return [
    '#支付宝业务明细查询',
    `#账号：[${account.sellerId}0156]`,
    `#起始日期：[${date} 00:00:00]   终止日期：[${date} 23:59:59]`,
    '#-----------------------------------------业务明细列表----------------------------------------',
    head.join(','),
    ...lines.map(detailRow),
    '#-----------------------------------------业务明细列表结束------------------------------------',
    `#交易合计：${paid.length}笔，商家实收共${yuan(sumOf(paid))}元`,
    `#退款合计：${lines.length - paid.length}笔`,
    `#导出时间：[${date} 00:00:00]`,
  ];
}

/** Numbers end in a tab, so that a spreadsheet leaves them as they are. */
function detailRow({ trade, kind, at, fen, request }: BillLine): string {
  const fee = fen > 0n ? -feeOf(fen) : 0n;
  const cells = [
    ...[`${trade.trade_no}\t`, `${trade.id}\t`, `${kind}\t`, `${quote(trade.subject)}\t`],
    ...[`${beijingTime(new Date(trade.created_at))}\t`, `${beijingTime(at)}\t`],
    ...['', '', '', '', '*沙盒(san***@example.com)\t'],
    ...[yuan(fen), yuan(fen), '0.00', '0.00', '0.00', '0.00', '0.00', '', '0.00', '0.00'],
    ...[request === '' ? '' : `${request}\t`, yuan(fee), '0.00', ''],
  ];
  return cells.join(',');
}

function quote(text: string): string {
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function summaryRows(date: string, lines: readonly BillLine[], account: Account): string[] {
  return [
    '#支付宝业务汇总查询',
    `#账号：[${account.sellerId}0156]`,
    `#日期：[${date}]`,
    '门店编号,门店名称,交易订单总笔数,退款订单总笔数,订单金额（元）,服务费（元）',
    `合计\t,,${lines.filter(({ fen }) => fen > 0n).length},${lines.filter(({ fen }) => fen < 0n).length},${yuan(sumOf(lines))},0.00`,
  ];
}

function sumOf(lines: readonly BillLine[]): bigint {
  return lines.reduce((sum, { fen }) => sum + fen, 0n);
}
