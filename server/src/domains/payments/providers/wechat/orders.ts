/** Orders: a code to scan (Native) or a page for a phone's browser (H5), asked about and closed by our own number. */
import { z } from 'zod';
import type { CollectedMoney } from '../../core/settlement.ts';
import type { CloseOutcome, FindOutcome, Order, StartOutcome } from '../../provider.ts';
import { type Answer, type Client, refusalOf, secondsNow } from './client.ts';
import { currency, readFen, writeFen } from './money.ts';

/** Who we are there: the merchant, and the application that it is bound to. */
export interface Merchant {
  mchid: string;
  appid: string;
}

const descriptionLengthMax = 127;
/** What an order lasts for which nothing is said; twice that is the most that may be said. */
const termSecondsMax = 7 * 86_400;
const NativeAnswer = z.object({ code_url: z.string().min(1).max(512) });
const H5Answer = z.object({ h5_url: z.url({ protocol: /^https?$/ }).max(1024) });

/** Refusals after which an order of that number may be there all the same. */
const leavesAnOrder = new Set(['ORDERPAID', 'OUTTRADENOUSED', 'ORDERCLOSED']);

export async function startOrder(
  client: Client,
  merchant: Merchant,
  order: Order,
): Promise<StartOutcome> {
  const isMobile = order.means === 'mobile';
  const { address } = order.payer;
  // The address is what the platform judges a phone's payment by; it is not to be made up.
  if (isMobile && address === null) return { status: 'declined', code: 'provider_error' };
  const answer = await client({
    method: 'POST',
    path: `v3/pay/transactions/${isMobile ? 'h5' : 'native'}`,
    body: {
      ...describeOrder(merchant, order, await secondsNow()),
      ...(isMobile
        ? { scene_info: { payer_client_ip: address, h5_info: { type: 'Wap' } } }
        : undefined),
    },
  });
  const refusal = refusalOf(answer);
  if (answer.kind !== 'answered') return { status: 'unknown' };
  if (refusal !== undefined) {
    const isCertain = answer.status < 500 && answer.status !== 429 && !leavesAnOrder.has(refusal);
    return isCertain ? { status: 'declined', code: 'provider_error' } : { status: 'unknown' };
  }
  return isMobile ? leadToPage(answer.body, order.returnUrl) : showCode(answer.body);
}

function describeOrder(
  { mchid, appid }: Merchant,
  { expiresAt, ...order }: Order,
  nowSeconds: number,
): object {
  const isNear = expiresAt !== null && expiresAt.getTime() <= (nowSeconds + termSecondsMax) * 1_000;
  return {
    appid,
    mchid,
    description: describe(order.title),
    out_trade_no: order.number,
    ...(isNear ? { time_expire: beijingTime(expiresAt) } : {}),
    notify_url: order.notifyUrl,
    amount: { total: writeFen(order.charged), currency },
  };
}

function showCode(body: unknown): StartOutcome {
  const { data: answer } = NativeAnswer.safeParse(body);
  if (!answer) return { status: 'unknown' };
  return { status: 'pending', next: { type: 'qr', content: answer.code_url, url: null } };
}

function leadToPage(body: unknown, returnUrl: string): StartOutcome {
  const { data: answer } = H5Answer.safeParse(body);
  if (!answer) return { status: 'unknown' };
  const url = new URL(answer.h5_url);
  url.searchParams.set('redirect_url', returnUrl);
  return { status: 'pending', next: { type: 'redirect', url: url.href } };
}

/** What a query and a notification say of an order. */
const Transaction = z.object({
  appid: z.string(),
  mchid: z.string(),
  out_trade_no: z.string().min(1).max(64),
  transaction_id: z.string().max(64).optional(),
  trade_state: z.enum([
    'SUCCESS',
    'NOTPAY',
    'USERPAYING',
    'CLOSED',
    'REVOKED',
    'PAYERROR',
    'REFUND',
  ]),
  amount: z.object({ total: z.unknown(), currency: z.string().optional() }).optional(),
  payer: z.object({ openid: z.string().max(128).optional() }).optional(),
});

export type ReadTransaction =
  /** `refunded`: it was paid, and some or all of it has gone back since; how much is not said. */
  | { state: 'paid' | 'refunded'; money: CollectedMoney }
  | { state: 'open' | 'closed' | 'failed'; number: string }
  | { state: 'unreadable'; reason: string };

/** `total` is what we asked for; `payer_total` is less where the platform gave the payer a coupon. */
export function readTransaction(body: unknown, merchant: Merchant): ReadTransaction {
  const { data: order } = Transaction.safeParse(body);
  if (!order) return unreadable('it describes no transaction');
  if (order.mchid !== merchant.mchid) return unreadable('the mchid is not ours');
  if (order.appid !== merchant.appid) return unreadable('the appid is not ours');
  const number = order.out_trade_no;
  const state = states[order.trade_state];
  if (state !== 'paid' && state !== 'refunded') return { state, number };
  const amount = readFen(order.amount?.total);
  if (!amount) return unreadable('amount.total is no amount');
  if ((order.amount?.currency ?? currency) !== currency) return unreadable('it is not in CNY');
  const providerTransaction = order.transaction_id ?? '';
  if (!/^[\w-]{1,64}$/.test(providerTransaction)) return unreadable('transaction_id is missing');
  const payer = order.payer?.openid;
  const money = { number, merchant: merchant.mchid, providerTransaction, amount };
  return { state, money: { ...money, ...(payer && { payer }) } };
}

const states = {
  SUCCESS: 'paid',
  NOTPAY: 'open',
  USERPAYING: 'open',
  CLOSED: 'closed',
  REVOKED: 'failed',
  PAYERROR: 'failed',
  REFUND: 'refunded',
} as const;

function unreadable(reason: string): ReadTransaction {
  return { state: 'unreadable', reason };
}

export async function findOrder(
  client: Client,
  merchant: Merchant,
  number: string,
): Promise<FindOutcome> {
  const answer = await askForOrder(client, merchant, number);
  if (isAbsent(answer)) return { status: 'absent' };
  if (answer.kind !== 'answered' || answer.status !== 200) return { status: 'unknown' };
  const read = readTransaction(answer.body, merchant);
  if (read.state === 'unreadable') return { status: 'unknown' };
  if ('money' in read) {
    // What went back is news of its own, and a line of the day's bill; the payment was collected all the same.
    const isAsked = read.money.number === number;
    return isAsked ? { status: 'succeeded', money: read.money } : { status: 'unknown' };
  }
  if (read.number !== number) return { status: 'unknown' };
  return { status: statusOf[read.state] };
}

const statusOf = {
  open: 'pending',
  /** Over, and nobody has paid it: as if it had never been there. */
  closed: 'absent',
  failed: 'declined',
} as const;

export function askForOrder(client: Client, { mchid }: Merchant, number: string): Promise<Answer> {
  return client({
    method: 'GET',
    path: `v3/pay/transactions/out-trade-no/${number}`,
    query: { mchid },
  });
}

export function isAbsent(answer: Answer): boolean {
  return (
    answer.kind === 'answered' &&
    answer.status === 404 &&
    ['ORDERNOTEXIST', 'RESOURCENOTEXISTS'].includes(refusalOf(answer) ?? '')
  );
}

/** The platform says that it has closed even a number it never heard of; nobody can pay that one either. */
export async function closeOrder(
  client: Client,
  { mchid }: Merchant,
  number: string,
): Promise<CloseOutcome> {
  const answer = await client({
    method: 'POST',
    path: `v3/pay/transactions/out-trade-no/${number}/close`,
    body: { mchid },
  });
  if (answer.kind !== 'answered') return { status: 'unknown' };
  if (answer.status === 204 || isAbsent(answer)) return { status: 'closed' };
  const refusal = refusalOf(answer);
  if (refusal === 'ORDERCLOSED') return { status: 'closed' };
  if (refusal === 'ORDERPAID') return { status: 'paid' };
  return { status: 'unknown' };
}

function describe(title: string): string {
  const clean = title.replace(/\s+/g, ' ').trim();
  return [...clean].slice(0, descriptionLengthMax).join('') || 'Payment';
}

/** `2026-03-31T12:00:00+08:00`; China has no summer time. */
function beijingTime(instant: Date): string {
  const shifted = new Date(instant.getTime() + 8 * 3_600_000).toISOString();
  return `${shifted.slice(0, 19)}+08:00`;
}
