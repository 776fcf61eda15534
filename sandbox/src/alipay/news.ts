/**
 * What Alipay tells the merchant, and how it is sent: a signed form, repeated for a day until the answer is `success`.
 * https://opendocs.alipay.com/open/203/105286
 */
import { randomBytes } from 'node:crypto';
import { Deliveries, type OutgoingRequest } from '../deliveries/deliveries.ts';
import type { Clock } from '../steering/clock.ts';
import type { Account } from './account.ts';
import { beijingTime } from './beijing.ts';
import { type Fields, signNotify } from './signature.ts';
import type { Steering } from './steering.ts';
import { type Refund, refundedFen, type Trade, yuan } from './trade.ts';

const minuteMs = 60_000;
/** 4 m, 10 m, 10 m, 1 h, 2 h, 6 h, 15 h. */
const scheduleMs = [4, 10, 10, 60, 120, 360, 900].map((minutes) => minutes * minuteMs);

/** Orders of which the last news is known, to be sent again behind newer. */
const lastNewsMax = 10_000;

/** The whole of a notification but its signature, and where it goes. */
export interface Notice {
  url: string;
  fields: Fields;
}

export interface NewsParts {
  account: Account;
  clock: Clock;
  path: string | undefined;
  steeringOf(number: string): Steering;
}

export type News = ReturnType<typeof openNews>;

export function openNews({ account, clock, path, steeringOf }: NewsParts) {
  const deliveries = new Deliveries<Notice>({
    ...{ clock, path, scheduleMs },
    compose: ({ about, payload }) => compose(payload, steeringOf(about), account),
    accepts: ({ status, body }) => status === 200 && body === 'success',
  });
  const lastOf = new Map<string, Fields>();

  /** Sends as the order's steering wants it; resolves when each that is due now had its first answer. */
  async function tell(number: string, url: string, said: Fields): Promise<void> {
    const steering = steeringOf(number);
    if (steering.notify === 'none' || url === '') return;
    const fields = claim(said, steering);
    const older = steering.reorder ? (lastOf.get(number) ?? waiting(fields)) : undefined;
    lastOf.set(number, fields);
    const [oldest] = lastOf.keys();
    if (lastOf.size > lastNewsMax && oldest !== undefined) lastOf.delete(oldest);
    const { times = 1, concurrency = 1, delay_ms: delayMs = 0 } = steering;
    const notices = Array.from({ length: times }, () => ({ url, fields: freshen(fields, clock) }));
    if (older) notices.push({ url, fields: freshen(older, clock) });
    for (let at = 0; at < notices.length; at += concurrency) {
      await deliveries.add(number, notices.slice(at, at + concurrency), { delayMs });
    }
  }

  return { tell, deliveries };
}

/** Each is an event of its own to the merchant, whatever it repeats. */
function freshen(fields: Fields, clock: Clock): Fields {
  const at = clock.now();
  const id = `${beijingTime(at).replace(/\D/g, '')}${randomBytes(8).toString('hex')}`;
  return { ...fields, notify_time: beijingTime(at), notify_id: id };
}

function claim(fields: Fields, steering: Steering): Fields {
  const { app_id, seller_id, trade_status, amount } = steering;
  const total_amount = amount === undefined ? steering.total_amount : yuan(BigInt(amount));
  const claims = Object.entries({ app_id, seller_id, total_amount, trade_status });
  const said = claims.flatMap(([name, value]) =>
    value !== undefined && name in fields ? [[name, value] as const] : [],
  );
  return { ...fields, ...Object.fromEntries(said) };
}

/** What might have been said before the first news of a trade: that its payer has come. */
function waiting(fields: Fields): Fields {
  const said = Object.entries(fields).filter(([name]) => name !== 'gmt_payment');
  return { ...Object.fromEntries(said), trade_status: 'WAIT_BUYER_PAY' };
}

function compose({ url, fields }: Notice, { sign }: Steering, account: Account): OutgoingRequest {
  const body = new URLSearchParams(signedAs(sign ?? 'good', fields, account.privateKey)).toString();
  const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
  return { url, method: 'POST', headers, body };
}

function signedAs(how: NonNullable<Steering['sign']>, fields: Fields, key: string): Fields {
  switch (how) {
    case 'good':
      return { ...fields, sign_type: 'RSA2', sign: signNotify(fields, key) };
    case 'bad':
      return { ...fields, sign_type: 'RSA2', sign: signNotify({ ...fields, version: '2' }, key) };
    case 'missing':
      return { ...fields, sign_type: 'RSA2' };
    case 'sha1':
      return { ...fields, sign_type: 'RSA', sign: signNotify(fields, key, 'RSA-SHA1') };
    case 'unknown_type':
      return { ...fields, sign_type: 'RSA3', sign: signNotify(fields, key) };
  }
}

export function tradeNews(trade: Trade, account: Account, refund?: Refund): Fields {
  const { total_amount: amount } = trade;
  const optional: Record<string, string | null | undefined> = {
    gmt_payment: trade.paid_at && beijingTime(new Date(trade.paid_at)),
    gmt_close: trade.closed_at && beijingTime(new Date(trade.closed_at)),
    out_biz_no: refund?.request,
    // Of all refunds of the trade together, as Alipay has it; news of a payment names none, in so many words.
    refund_fee: refund ? yuan(refundedFen(trade)) : '0.00',
    gmt_refund: refund && `${beijingTime(new Date(refund.at))}.000`,
  };
  const said = Object.entries(optional).filter(
    ([, value]) => value !== undefined && value !== null,
  );
  return {
    notify_type: 'trade_status_sync',
    charset: 'utf-8',
    version: '1.0',
    app_id: account.appId,
    auth_app_id: account.appId,
    seller_id: account.sellerId,
    buyer_id: buyer.id,
    buyer_logon_id: buyer.logon,
    out_trade_no: trade.id,
    trade_no: trade.trade_no,
    trade_status: trade.status,
    subject: trade.subject,
    total_amount: amount,
    receipt_amount: amount,
    buyer_pay_amount: amount,
    invoice_amount: amount,
    point_amount: '0.00',
    fund_bill_list: JSON.stringify([{ amount, fundChannel: 'ALIPAYACCOUNT' }]),
    gmt_create: beijingTime(new Date(trade.created_at)),
    ...(Object.fromEntries(said) as Fields),
  };
}

/** The one payer of this world. */
export const buyer = { id: '2088102534368455', logon: 'san***@example.com' };
