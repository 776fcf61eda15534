/** Decides whether what a merchant asks for becomes an order: the limits of every field, as the platform documents them. */
import { isRecord } from '../http/exchange.ts';
import type { WechatMerchant } from './account.ts';
import type { WechatOrder } from './order.ts';

export type Submission = Pick<
  WechatOrder,
  'id' | 'trade_type' | 'appid' | 'description' | 'attach' | 'notify_url' | 'total' | 'time_expire'
>;

export type SubmissionDecision =
  | { accepted: true; submission: Submission }
  | { accepted: false; code: 'PARAM_ERROR' | 'APPID_MCHID_NOT_MATCH'; message: string };

const totalMax = 10 ** 10;
const urlLengthMax = 256;
const termMsMax = 15 * 86_400_000;
const numberForm = /^[0-9A-Za-z_\-|*]{6,32}$/;
const timeForm = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$/;
const addressForm = /^(\d{1,3}(\.\d{1,3}){3}|[0-9a-fA-F:.]{2,45})$/;

export function decideSubmission(
  asked: Record<string, unknown>,
  tradeType: WechatOrder['trade_type'],
  { merchant, now }: { merchant: WechatMerchant; now: Date },
): SubmissionDecision {
  const text = (name: string) => (typeof asked[name] === 'string' ? asked[name] : '');
  const { amount, time_expire: timeExpire = null } = asked;
  if (text('mchid') !== merchant.mchid || text('appid') !== merchant.appid) {
    const message = 'AppID与mchid不匹配';
    return { accepted: false, code: 'APPID_MCHID_NOT_MATCH', message };
  }
  if (!numberForm.test(text('out_trade_no'))) return refuse('out_trade_no');
  if (!isWithin(text('description'), 127)) return refuse('description');
  if (!isPlainUrl(text('notify_url'))) return refuse('notify_url');
  if (text('attach').length > 128) return refuse('attach');
  if (!isRecord(amount) || amount.currency !== 'CNY') return refuse('amount.currency');
  const { total } = amount;
  if (typeof total !== 'number' || !Number.isInteger(total) || total < 1 || total > totalMax) {
    return refuse('amount.total');
  }
  if (timeExpire !== null && !isTerm(timeExpire, now)) return refuse('time_expire');
  if (tradeType === 'MWEB' && !isScene(asked.scene_info)) return refuse('scene_info');
  return {
    accepted: true,
    submission: {
      id: text('out_trade_no'),
      trade_type: tradeType,
      appid: text('appid'),
      description: text('description'),
      attach: text('attach'),
      notify_url: text('notify_url'),
      total,
      time_expire: timeExpire === null ? null : String(timeExpire),
    },
  };
}

/** Asking again for the same order is answered with the same order. */
export function isSameSubmission(order: WechatOrder, submission: Submission): boolean {
  return Object.entries(submission).every(
    ([name, value]) => order[name as keyof Submission] === value,
  );
}

function isWithin(text: string, lengthMax: number): boolean {
  return text.trim() !== '' && [...text].length <= lengthMax;
}

/** The platform itself wants https; a merchant on this machine has none. */
function isPlainUrl(text: string): boolean {
  if (text.length > urlLengthMax || !URL.canParse(text)) return false;
  const { protocol, search, hash } = new URL(text);
  return /^https?:$/.test(protocol) && search === '' && hash === '' && !text.endsWith('?');
}

function isTerm(value: unknown, now: Date): boolean {
  if (typeof value !== 'string' || !timeForm.test(value)) return false;
  const termMs = Date.parse(value) - now.getTime();
  return termMs > 0 && termMs <= termMsMax;
}

function isScene(scene: unknown): boolean {
  if (!isRecord(scene) || !isRecord(scene.h5_info)) return false;
  const { payer_client_ip: address } = scene;
  const isKnownType = ['Wap', 'iOS', 'Android'].includes(String(scene.h5_info.type));
  return isKnownType && typeof address === 'string' && addressForm.test(address);
}

function refuse(name: string): SubmissionDecision {
  return { accepted: false, code: 'PARAM_ERROR', message: `输入源“${name}”的值不符合要求` };
}
