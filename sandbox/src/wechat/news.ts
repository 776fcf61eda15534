/**
 * News for the merchant: what it says and how it is sealed is fixed when it comes about; with which headers it is signed
 * is decided when it is sent.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import type { OutgoingRequest } from '../deliveries/deliveries.ts';
import type { WechatAccount } from './account.ts';
import {
  beijing,
  describeTransaction,
  successOf,
  type WechatOrder,
  type WechatRefund,
} from './order.ts';
import { answerText, seal, signText } from './signature.ts';
import type { Steering } from './steering.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/** What passes before each repetition: a day and four minutes in all. */
export const scheduleMs: readonly number[] = [
  ...[15 * second, 15 * second, 30 * second, 3 * minute, 10 * minute, 20 * minute],
  ...[30 * minute, 30 * minute, 30 * minute, hour],
  ...[3 * hour, 3 * hour, 3 * hour, 6 * hour, 6 * hour],
];

export interface News {
  url: string;
  event_type: string;
  body: string;
}

interface Told {
  account: WechatAccount;
  steering: Steering;
  now: Date;
}

/** A payment, as it is or as the steering claims it was. */
export function tellOfPayment(
  order: WechatOrder,
  { account, steering, now }: Told,
  older: { trade_state?: string } = {},
): News {
  const { mchid } = account.merchant;
  const truth = describeTransaction(order, { mchid, state: 'SUCCESS' });
  const claim = {
    ...truth,
    ...pick(steering, 'mchid', 'appid', 'trade_state'),
    ...older,
    amount: {
      ...truth.amount,
      ...(steering.amount === undefined ? {} : { total: claimedFen(steering.amount) }),
      ...pick(steering, 'currency'),
    },
  };
  return compose({
    ...{ account, steering, now, url: order.notify_url, claim },
    eventType: steering.event_type ?? 'TRANSACTION.SUCCESS',
    ...{ summary: '支付成功', type: 'transaction' },
  });
}

/** A whole number is claimed as one; anything else as the text that it is. */
function claimedFen(amount: string): number | string {
  return /^-?\d{1,15}$/.test(amount) ? Number(amount) : amount;
}

export function tellOfRefund(
  refund: WechatRefund,
  order: WechatOrder,
  { account, steering, now, state }: Told & { state: 'SUCCESS' | 'CLOSED' | 'ABNORMAL' },
): News {
  const claim = {
    mchid: account.merchant.mchid,
    transaction_id: order.transaction_id,
    out_trade_no: order.id,
    refund_id: refund.refund_id,
    out_refund_no: refund.id,
    refund_status: state,
    ...(state === 'SUCCESS' ? { success_time: beijing(successOf(refund)) } : {}),
    user_received_account: '支付用户零钱',
    amount: {
      total: order.total,
      refund: refund.amount,
      payer_total: order.total - order.coupon,
      payer_refund: refund.amount,
    },
  };
  const summary = { SUCCESS: '退款成功', CLOSED: '退款关闭', ABNORMAL: '退款异常' }[state];
  return compose({
    ...{ account, steering, now, url: refund.notify_url, claim, summary },
    ...{ eventType: `REFUND.${state}`, type: 'refund' },
  });
}

function compose(news: {
  account: WechatAccount;
  steering: Steering;
  now: Date;
  url: string;
  claim: object;
  eventType: string;
  summary: string;
  type: string;
}): News {
  const { merchant } = news.account;
  const { sign } = news.steering;
  const key = sign === 'other_key' ? randomBytes(16).toString('hex') : merchant.api_v3_key;
  const sealed = seal(JSON.stringify(news.claim), key, news.type);
  const ciphertext = sign === 'flipped' ? flip(sealed.ciphertext) : sealed.ciphertext;
  const body = JSON.stringify({
    id: randomUUID(),
    create_time: beijing(news.now),
    resource_type: 'encrypt-resource',
    event_type: news.eventType,
    summary: news.summary,
    resource: { original_type: news.type, ...sealed, ciphertext },
  });
  return { url: news.url, event_type: news.eventType, body };
}

/** One bit of the first byte. */
function flip(ciphertext: string): string {
  const bytes = Buffer.from(ciphertext, 'base64');
  bytes[0] = (bytes[0] ?? 0) ^ 1;
  return bytes.toString('base64');
}

const staleSeconds = 600;
const probePrefix = 'WECHATPAY/SIGNTEST/';

/** Signed now, by the true time: whoever checks it does not know of the sandbox's clock. */
export function postNews(news: News, account: WechatAccount, steering: Steering): OutgoingRequest {
  const { sign = 'good', signed_by: signedBy } = steering;
  const age = sign === 'stale' ? staleSeconds : 0;
  const timestamp = String(Math.floor(Date.now() / 1_000) - age);
  const nonce = randomBytes(16).toString('hex');
  const { platform_key_id } = account.merchant;
  const named = signedBy === 'certificate' ? account.platformSerial : platform_key_id;
  const serial = sign === 'unknown_serial' ? `PUB_KEY_ID_0${'9'.repeat(20)}` : named;
  const signature = signText(answerText(timestamp, nonce, news.body), account.platformPrivateKey);
  const shown = {
    bad: signText(answerText(timestamp, nonce, `${news.body} `), account.platformPrivateKey),
    probe: probePrefix + signature.slice(probePrefix.length),
  };
  const body =
    sign === 'altered' ? news.body.replace('encrypt-resource', 'Encrypt-resource') : news.body;
  return {
    url: news.url,
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'user-agent': 'Mozilla/4.0',
      'wechatpay-timestamp': timestamp,
      'wechatpay-nonce': nonce,
      'wechatpay-serial': serial,
      'wechatpay-signature-type': 'WECHATPAY2-SHA256-RSA2048',
      ...(sign === 'missing'
        ? {}
        : { 'wechatpay-signature': sign === 'bad' || sign === 'probe' ? shown[sign] : signature }),
    },
    body,
  };
}

/** The merchant takes it with 200 or 204, whatever stands in the body. */
export function isTaken({ status }: { status: number }): boolean {
  return status === 200 || status === 204;
}

function pick<T extends object, K extends keyof T>(from: T, ...names: K[]): Partial<Pick<T, K>> {
  const present = names.filter((name) => from[name] !== undefined);
  return Object.fromEntries(present.map((name) => [name, from[name]])) as Partial<Pick<T, K>>;
}
