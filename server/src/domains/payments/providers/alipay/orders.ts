/** Starts, finds and closes orders at Alipay. */
import type { Asked, CloseOutcome, FindOutcome, Order, StartOutcome } from '../../provider.ts';
import { readTrade, refusalIn, successCode } from './answers.ts';
import { declineCodeOf } from './declines.ts';
import type { Gateway } from './gateway.ts';
import { writeYuan } from './money.ts';
import { writeBeijingTime } from './time.ts';

/** `page`: signs in at a computer; `mobile`: Alipay's app opens on the phone; `qr`: scans a code that we show. */
export const alipayMeans = [
  { id: 'page', label: { en: 'Alipay', 'zh-CN': '支付宝' } },
  { id: 'mobile', label: { en: 'Alipay on this phone', 'zh-CN': '支付宝手机支付' } },
  { id: 'qr', label: { en: 'Alipay QR code', 'zh-CN': '支付宝扫码支付' } },
];

const qrContentLengthMax = 1_024;

/** `signing` asks the payer to sign an agreement while paying. */
export async function startOrder(
  gateway: Gateway,
  order: Order,
  signing: object | undefined,
): Promise<StartOutcome> {
  if (order.means === 'qr') return startQr(gateway, order);
  const isMobile = order.means === 'mobile';
  const method = isMobile ? 'alipay.trade.wap.pay' : 'alipay.trade.page.pay';
  const product = isMobile ? 'QUICK_WAP_WAY' : 'FAST_INSTANT_TRADE_PAY';
  const { notifyUrl, returnUrl } = order;
  const biz = {
    ...{ ...contentOf(order), product_code: product },
    // Where a phone goes whose payer leaves without paying.
    ...(isMobile ? { quit_url: returnUrl } : {}),
    ...(signing ? { agreement_sign_params: signing } : {}),
  };
  const url = await gateway.pageUrl(method, { biz, notifyUrl, returnUrl });
  return url === undefined
    ? { status: 'unknown' }
    : { status: 'pending', next: { type: 'redirect', url } };
}

async function startQr(gateway: Gateway, order: Order): Promise<StartOutcome> {
  const { notifyUrl } = order;
  const answer = await gateway.call('alipay.trade.precreate', { biz: contentOf(order), notifyUrl });
  const refusal = refusalIn(answer);
  // Paid already, as when the first answer was lost: the query finds it.
  if (refusal?.subCode === 'ACQ.TRADE_HAS_SUCCESS') return { status: 'unknown' };
  if (refusal) return { status: 'declined', code: declineCodeOf(refusal.subCode) };
  if (answer.kind !== 'answered' || answer.code !== successCode) return { status: 'unknown' };
  const { out_trade_no: number, qr_code: content } = answer.fields;
  const isCode = typeof content === 'string' && content.length <= qrContentLengthMax;
  if (number !== order.number || !isCode || content === '') return { status: 'unknown' };
  return { status: 'pending', next: { type: 'qr', content, url: null } };
}

export function contentOf({ number, title, charged, expiresAt }: Omit<Order, 'savesMethod'>) {
  return {
    out_trade_no: number,
    total_amount: writeYuan(charged),
    subject: subjectOf(title),
    ...(expiresAt ? { time_expire: writeBeijingTime(expiresAt) } : {}),
  };
}

/** At most 256 characters, without those that Alipay does not take in a title. */
function subjectOf(title: string): string {
  const clean = title.replace(/[/=&]/g, ' ').replace(/\s+/g, ' ').trim();
  return [...clean].slice(0, 256).join('').trim() || 'Payment';
}

/** Only charges without the payer have a reference: while Alipay waits for one, nobody is asked to pay. */
export async function findOrder(
  gateway: Gateway,
  { number, reference }: Pick<Asked, 'number' | 'reference'>,
  merchant: string,
): Promise<FindOutcome> {
  const answer = await gateway.call('alipay.trade.query', { biz: { out_trade_no: number } });
  const found = readTrade(answer, { number, merchant });
  return found.status === 'pending' && reference !== null ? { status: 'processing' } : found;
}

/**
 * An order that its payer has not come to does not exist at Alipay: it cannot be closed, and a page or code that was
 * handed out is good until its term. So that is `unknown`, and money that still comes is caught as late.
 */
export async function closeOrder(
  gateway: Gateway,
  asked: Asked,
  merchant: string,
): Promise<CloseOutcome> {
  const answer = await gateway.call('alipay.trade.close', { biz: { out_trade_no: asked.number } });
  if (answer.kind === 'answered' && answer.code === successCode) {
    const { out_trade_no: number = asked.number } = answer.fields;
    return { status: number === asked.number ? 'closed' : 'unknown' };
  }
  if (!refusalIn(answer)) return { status: 'unknown' };
  const found = await findOrder(gateway, asked, merchant);
  if (found.status === 'succeeded') return { status: 'paid' };
  return found.status === 'declined' ? { status: 'closed' } : { status: 'unknown' };
}
