/**
 * The day's bill: a zip of CSV files in GBK, one line per payment and refund, with a summary around them in lines that
 * begin with `#`. The day is Beijing's. https://opendocs.alipay.com/open/02ivbz
 */
import type { MinorMoney } from '../../../../platform/money.ts';
import type { StatementDay, StatementLine, StatementOutcome } from '../../provider.ts';
import { refusalIn, successCode } from './answers.ts';
import type { Gateway } from './gateway.ts';
import { readYuan } from './money.ts';
import { readBeijingTime } from './time.ts';
import { unzip } from './zip.ts';

const archiveBytesMax = 16 * 1_024 * 1_024;
const contentBytesMax = 96 * 1_024 * 1_024;
const linesMax = 300_000;
const dayMs = 86_400_000;
/** A day without a single payment has no bill, and neither has one whose bill is not made yet: by now it would be. */
const madeAfterMs = 2 * dayMs;

export async function fetchStatement(
  gateway: Gateway,
  { date }: StatementDay,
): Promise<StatementOutcome> {
  const from = readBeijingTime(`${date} 00:00:00`);
  if (!from) return { status: 'unknown' };
  const to = new Date(from.getTime() + dayMs);
  const answer = await gateway.call('alipay.data.dataservice.bill.downloadurl.query', {
    biz: { bill_type: 'trade', bill_date: date },
  });
  if (/bill_not_exist$/i.test(refusalIn(answer)?.subCode ?? '')) {
    const at = answer.kind === 'answered' ? answer.at : undefined;
    const isLate = at !== undefined && at.getTime() - to.getTime() > madeAfterMs;
    return isLate ? { status: 'ready', from, to, lines: [] } : { status: 'not_ready' };
  }
  const url = answer.kind === 'answered' && answer.fields.bill_download_url;
  if (typeof url !== 'string' || answer.kind !== 'answered' || answer.code !== successCode) {
    return { status: 'unknown' };
  }
  const archive = await gateway.download(url, archiveBytesMax);
  const lines = archive && readBill(archive);
  return lines ? { status: 'ready', from, to, lines } : { status: 'unknown' };
}

/** Undefined where any line cannot be read: half a bill would look like missing money. */
export function readBill(archive: Buffer): StatementLine[] | undefined {
  for (const { content } of unzip(archive, contentBytesMax) ?? []) {
    const rows = new TextDecoder('gbk').decode(content).split(/\r?\n/);
    const head = rows.findIndex((row) => columns.every((column) => cellsOf(row).includes(column)));
    if (head >= 0) return readRows(rows.slice(head + 1), cellsOf(rows[head] ?? ''));
  }
  return undefined;
}

const transactionColumn = '支付宝交易号';
const orderColumn = '商户订单号';
const kindColumn = '业务类型';
const timeColumn = '完成时间';
const amountColumn = '订单金额（元）';
const requestColumn = '退款批次号/请求号';
const feeColumn = '服务费（元）';
/** Only the list of single payments has all of them; the summary of the day has not. */
const columns = [transactionColumn, orderColumn, kindColumn, timeColumn, amountColumn, feeColumn];

function readRows(rows: string[], head: string[]): StatementLine[] | undefined {
  const lines: StatementLine[] = [];
  for (const row of rows) {
    if (row.trim() === '' || row.startsWith('#')) continue;
    const cells = cellsOf(row);
    const line = readRow((column) => cells[head.indexOf(column)] ?? '');
    if (!line || lines.length >= linesMax) return undefined;
    lines.push(line);
  }
  return lines;
}

function readRow(cell: (column: string) => string): StatementLine | undefined {
  const kind = cell(kindColumn);
  const at = readBeijingTime(cell(timeColumn));
  const amount = readSigned(cell(amountColumn));
  const fee = readSigned(cell(feeColumn) || '0.00');
  const providerTransaction = cell(transactionColumn);
  if (!at || !amount || !fee || providerTransaction === '') return undefined;
  const isRefund = kind === '退款';
  const request = cell(requestColumn);
  return {
    kind: isRefund ? 'refund' : kind === '交易' ? 'payment' : 'other',
    number: (isRefund ? request : cell(orderColumn)) || null,
    providerTransaction: isRefund ? request || providerTransaction : providerTransaction,
    ...(isRefund ? { payment: { number: cell(orderColumn) || null, providerTransaction } } : {}),
    amount,
    // What it keeps is written as a loss; what it gives back with a refund is not a fee of ours.
    fee: { ...fee, minor: fee.minor < 0n ? -fee.minor : 0n },
    at,
  };
}

function readSigned(text: string): MinorMoney | undefined {
  if (/^-?0(\.0{1,2})?$/.test(text)) return { minor: 0n, currency: 'CNY' };
  const money = readYuan(text.replace(/^-/, ''));
  return money && text.startsWith('-') ? { ...money, minor: -money.minor } : money;
}

/** Cells end in a tab, so that a spreadsheet keeps their digits; one with a comma is quoted. */
function cellsOf(row: string): string[] {
  const cells = row.match(/("(?:[^"]|"")*"\s*|[^,]*)(?:,|$)/g) ?? [];
  return cells.map((cell) =>
    cell
      .replace(/,$/, '')
      .trim()
      .replace(/^"(.*)"$/s, '$1')
      .replaceAll('""', '"')
      .trim(),
  );
}
