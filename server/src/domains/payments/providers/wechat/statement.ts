/**
 * The trade bill: a gzipped table of what succeeded on one Beijing day, made in the next morning. Its download is not
 * signed, so the digest that a signed answer named is what proves it.
 * https://pay.weixin.qq.com/doc/v3/merchant/4012556654
 */
import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import { sameSecret } from '../../../../platform/crypto.ts';
import type { StatementDay, StatementLine, StatementOutcome } from '../../provider.ts';
import { type Answer, type Client, refusalOf } from './client.ts';
import { currency, readYuan } from './money.ts';
import type { Merchant } from './orders.ts';

const gzipBytesMax = 32 * 1024 * 1024;
const billBytesMax = 128 * 1024 * 1024;
const dayMs = 86_400_000;
/** The platform begins to make a day's bill at nine the next morning, and says that it is there by ten. */
const readyAfterMs = dayMs + 10 * 3_600_000;

const BillAnswer = z.object({
  hash_type: z.literal('SHA1'),
  hash_value: z.string().regex(/^[0-9a-fA-F]{40}$/),
  download_url: z.url().max(2048),
});

export async function readStatement(
  client: Client,
  merchant: Merchant,
  { date }: StatementDay,
): Promise<StatementOutcome> {
  const from = new Date(`${date}T00:00:00+08:00`);
  if (Number.isNaN(from.getTime())) return { status: 'unknown' };
  const to = new Date(from.getTime() + dayMs);
  const answer = await client({
    method: 'GET',
    path: 'v3/bill/tradebill',
    query: { bill_date: date, bill_type: 'ALL', tar_type: 'GZIP' },
  });
  const refusal = refusalOf(answer);
  if (refusal !== undefined) {
    const isMade = clockOf(answer) - from.getTime() >= readyAfterMs;
    if (refusal === 'STATEMENTCREATING') return { status: 'not_ready' };
    // Before a day's bill is made, nothing follows from its not being there, nor from a date it does not take yet.
    const isAboutTheDay = refusal === 'NOSTATEMENTEXIST' || refusal === 'PARAMERROR';
    if (isAboutTheDay && !isMade) return { status: 'not_ready' };
    const isQuietDay = refusal === 'NOSTATEMENTEXIST';
    return isQuietDay ? { status: 'ready', from, to, lines: [] } : { status: 'unknown' };
  }
  if (answer.kind !== 'answered' || answer.status !== 200) return { status: 'unknown' };
  const { data: bill } = BillAnswer.safeParse(answer.body);
  const text = bill && (await download(client, bill));
  const lines = text === undefined ? undefined : readBill(text, merchant);
  return lines ? { status: 'ready', from, to, lines } : { status: 'unknown' };
}

/** The platform's own clock, by which its bills are made; zero where it does not say. */
function clockOf(answer: Answer): number {
  const date = answer.kind === 'answered' ? answer.headers.date : undefined;
  const instant = Date.parse(date ?? '');
  return Number.isNaN(instant) ? 0 : instant;
}

async function download(
  client: Client,
  bill: z.output<typeof BillAnswer>,
): Promise<string | undefined> {
  // Of the address only what it asks for is used: our signature goes nowhere but to the API that we were told of.
  const answer = await client({
    method: 'GET',
    path: 'v3/billdownload/file',
    query: Object.fromEntries(new URL(bill.download_url).searchParams),
    file: { bytesMax: gzipBytesMax },
  });
  if (answer.kind !== 'answered' || answer.status !== 200) return undefined;
  const plain = unzip(answer.body);
  if (!plain) return undefined;
  const digest = createHash('sha1').update(plain).digest('hex');
  return sameSecret(digest, bill.hash_value.toLowerCase()) ? plain.toString('utf8') : undefined;
}

/** The plain file; it is named GZIP, and small ones are known to come as they are. */
function unzip(body: unknown): Buffer | undefined {
  if (!Buffer.isBuffer(body)) return undefined;
  if (body[0] !== 0x1f || body[1] !== 0x8b) return body;
  try {
    return gunzipSync(body, { maxOutputLength: billBytesMax });
  } catch {
    return undefined;
  }
}

const columns = {
  time: '交易时间',
  mchid: '商户号',
  transaction: '微信订单号',
  number: '商户订单号',
  state: '交易状态',
  currency: '货币种类',
  refund: '微信退款单号',
  refundNumber: '商户退款单号',
  refunded: '退款金额',
  refundState: '退款状态',
  fee: '手续费',
  total: '订单金额',
} as const;

type Row = Record<keyof typeof columns, string>;

/** Undefined where a line cannot be read: a bill that is understood in part would report false differences. */
export function readBill(text: string, { mchid }: Merchant): StatementLine[] | undefined {
  const rows = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const heads = (rows.shift() ?? '').split(',');
  const places = Object.entries(columns).map(([key, head]) => [key, heads.indexOf(head)] as const);
  if (places.some(([, place]) => place < 0)) return undefined;
  const lines: StatementLine[] = [];
  for (const row of rows) {
    // Rows of data begin with a backtick; the first that does not is the head of the totals.
    if (!row.startsWith('`')) break;
    const cells = row.slice(1).split(',`');
    const line = Object.fromEntries(places.map(([key, place]) => [key, cells[place] ?? ''])) as Row;
    const read = cells.length === heads.length ? readRow(line, mchid) : undefined;
    if (!read) return undefined;
    lines.push(...read);
  }
  return lines;
}

function readRow(row: Row, mchid: string): StatementLine[] | undefined {
  const at = new Date(`${row.time.replace(' ', 'T')}+08:00`);
  const fee = readYuan(row.fee);
  const isOurs = row.mchid === mchid && row.currency === currency;
  if (!isOurs || Number.isNaN(at.getTime()) || fee === undefined) return undefined;
  if (row.state === 'SUCCESS') {
    const minor = readYuan(row.total);
    if (minor === undefined || fee < 0n) return undefined;
    const amount = { minor, currency };
    const { number, transaction: providerTransaction } = row;
    const kept = { minor: fee, currency };
    return [{ kind: 'payment', number, providerTransaction, amount, fee: kept, at }];
  }
  const minor = readYuan(row.refunded);
  if (row.state !== 'REFUND' || minor === undefined) return undefined;
  // What failed has come back to us.
  if (row.refundState === 'FAIL') return [];
  return readRefundRow(row, { minor, fee, at });
}

/** A refund gives its part of the fee back, which is a line of its own: what is kept is never below zero. */
function readRefundRow(
  row: Row,
  { minor, fee, at }: { minor: bigint; fee: bigint; at: Date },
): StatementLine[] {
  const providerTransaction = row.refund;
  const amount = { minor: -minor, currency };
  const none = { minor: 0n, currency };
  const refund: StatementLine = {
    ...{ kind: 'refund', number: row.refundNumber, providerTransaction, amount, fee: none, at },
    payment: { number: row.number, providerTransaction: row.transaction },
  };
  if (fee === 0n) return [refund];
  const returned = { minor: -fee, currency };
  return [
    refund,
    { kind: 'fee', number: null, providerTransaction, amount: returned, fee: null, at },
  ];
}
