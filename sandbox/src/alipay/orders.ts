/** Orders as merchants send them: page, phone page, code, and charge by agreement. */
import type { AgreementTerms } from './agreement.ts';
import { refusal, type Said, success, waiting } from './answer.ts';
import { parseBeijingTime } from './beijing.ts';
import type { TradeOrder } from './book.ts';
import type { Desk } from './desk.ts';
import { parseFen } from './money.ts';
import { buyer } from './news.ts';
import type { GatewayCall } from './request.ts';
import { readSigning } from './signing.ts';
import type { Trade } from './trade.ts';
import { yuan } from './trade.ts';

export type Ordered = { trade: Trade } | { said: Said };

const titleLengthMax = 256;
const numberForm = /^[\w-]{1,64}$/;
const qrTermMs = 2 * 3_600_000;
const products: Readonly<Record<string, string>> = {
  page: 'FAST_INSTANT_TRADE_PAY',
  mobile: 'QUICK_WAP_WAY',
};

/** The order of a page, for a browser that came with it. */
export function orderPage(desk: Desk, call: GatewayCall, product: 'page' | 'mobile'): Ordered {
  if (call.biz.product_code !== products[product]) {
    return { said: refusal('ACQ.INVALID_PARAMETER', '产品码无效') };
  }
  if (product === 'mobile' && typeof call.biz.quit_url !== 'string') {
    return { said: refusal('ACQ.INVALID_PARAMETER', '缺少 quit_url') };
  }
  const signing = readSigning(call.biz.agreement_sign_params);
  if (signing === 'invalid') return { said: refusal('ACQ.INVALID_PARAMETER', '签约参数无效') };
  const ordered = order(desk, call, { product, agreement: signing?.external_agreement_no ?? null });
  if ('trade' in ordered && signing) openSigning(desk, call, signing);
  return ordered;
}

function openSigning(desk: Desk, call: GatewayCall, signing: AgreementTerms): void {
  desk.agreements.open(signing, { notify_url: call.notifyUrl, return_url: call.returnUrl });
}

export function precreate(desk: Desk, call: GatewayCall, publicUrl: string): Said {
  const ordered = order(desk, call, { product: 'qr', agreement: null });
  if ('said' in ordered) return ordered.said;
  const { trade } = ordered;
  if (trade.status === 'TRADE_SUCCESS') return refusal('ACQ.TRADE_HAS_SUCCESS', '交易已被支付');
  if (trade.status === 'TRADE_CLOSED') return refusal('ACQ.TRADE_HAS_CLOSE', '交易已经关闭');
  const code = `${publicUrl}/sandbox/alipay/scan?trade=${encodeURIComponent(trade.page)}`;
  return success({ out_trade_no: trade.id, qr_code: code });
}

/** `alipay.trade.pay` by an agreement, without the payer. */
export function charge(desk: Desk, call: GatewayCall): Said {
  const { biz } = call;
  const number = (biz.agreement_params as { agreement_no?: unknown } | undefined)?.agreement_no;
  if (biz.product_code !== 'CYCLE_PAY_AUTH' || typeof number !== 'string') {
    return refusal('ACQ.INVALID_PARAMETER', '产品码或协议号无效');
  }
  const known = desk.book.find(String(biz.out_trade_no));
  if (known?.status === 'TRADE_SUCCESS') return refusal('ACQ.TRADE_HAS_SUCCESS', '交易已被支付');
  const problem = known ? undefined : chargeProblem(desk, biz, number);
  if (problem) return problem;
  const ordered = order(desk, call, { product: 'agreement', agreement: number });
  if ('said' in ordered) return ordered.said;
  const { trade } = ordered;
  desk.book.arrive(trade);
  const { charge: bend } = desk.steeringOf(trade.id);
  const named = { out_trade_no: trade.id, trade_no: trade.trade_no };
  if (bend === 'processing') return waiting(named);
  if (trade.status === 'TRADE_CLOSED') return refusal('ACQ.TRADE_HAS_CLOSE', '交易已经关闭');
  // The notification is on its way while the answer is: neither waits for the other.
  void desk.decide(trade, 'paid');
  return success({
    ...named,
    total_amount: trade.total_amount,
    buyer_user_id: buyer.id,
    buyer_pay_amount: trade.total_amount,
  });
}

function chargeProblem(desk: Desk, biz: Record<string, unknown>, number: string): Said | undefined {
  const { charge: bend = 'normal' } = desk.steeringOf(String(biz.out_trade_no));
  if (bend.startsWith('decline:')) return refusal(bend.slice('decline:'.length), '扣款失败');
  const agreement = desk.agreements.findByNumber(number);
  if (agreement?.status !== 'NORMAL') return refusal('ACQ.AGREEMENT_NOT_EXIST', '用户协议不存在');
  const [fen = 0n, most = 0n] = [parseFen(biz.total_amount), parseFen(agreement.single_amount)];
  return fen > most ? refusal('ACQ.CYCLE_PAY_SINGLE_FEE_EXCEED', '超过单笔扣款限额') : undefined;
}

/** The same number with the same content is the same trade; with any other it is refused. */
function order(
  desk: Desk,
  { biz, notifyUrl, returnUrl }: GatewayCall,
  kind: Pick<TradeOrder, 'product' | 'agreement'>,
): Ordered {
  const content = readContent(biz);
  if ('said' in content) return content;
  const known = desk.book.find(content.id);
  if (known) {
    const isSame =
      known.subject === content.subject &&
      (known.total_amount === content.total_amount || known.paid_at !== null);
    return isSame
      ? { trade: known }
      : { said: refusal('ACQ.CONTEXT_INCONSISTENT', '交易信息被篡改') };
  }
  const now = desk.clock.now();
  const ownTerm = kind.product === 'qr' ? new Date(now.getTime() + qrTermMs) : null;
  const expiresAt = content.expiresAt ?? ownTerm;
  if (expiresAt && expiresAt <= now) {
    return { said: refusal('ACQ.INVALID_PARAMETER', '订单已过期') };
  }
  const urls = { notify_url: notifyUrl, return_url: returnUrl };
  return { trade: desk.book.open({ ...kind, ...content, ...urls, expiresAt }) };
}

type Content = Pick<TradeOrder, 'id' | 'subject' | 'total_amount' | 'expiresAt'>;

function readContent(biz: Record<string, unknown>): Content | { said: Said } {
  const { out_trade_no: id, subject, time_expire: term } = biz;
  const fen = parseFen(biz.total_amount);
  const isTitled =
    typeof subject === 'string' && subject.length > 0 && [...subject].length <= titleLengthMax;
  const expiresAt = typeof term === 'string' ? parseBeijingTime(term) : null;
  const isTermGood = term === undefined || (typeof term === 'string' && expiresAt);
  if (typeof id !== 'string' || !numberForm.test(id) || !isTitled || !isTermGood) {
    return { said: refusal('ACQ.INVALID_PARAMETER', '参数无效') };
  }
  if (/[/=&]/.test(subject)) return { said: refusal('ACQ.INVALID_PARAMETER', '订单标题无效') };
  if (fen === undefined)
    return { said: refusal('ACQ.TOTAL_FEE_EXCEED', '订单总金额不在允许范围内') };
  return { id, subject, total_amount: yuan(fen), expiresAt: expiresAt ?? null };
}
