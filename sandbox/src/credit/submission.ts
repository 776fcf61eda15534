/** Decides whether a submission becomes an order: field limits first, then merchant and signature, as the provider does. */
import { type Fields, isSignedSubmission } from './signature.ts';

export interface Merchant {
  pid: string;
  key: string;
}

export interface Submission {
  outTradeNo: string;
  name: string;
  money: string;
  device: string;
  notifyUrl: string;
  returnUrl: string;
}

export type SubmissionDecision =
  | { accepted: true; submission: Submission }
  | { accepted: false; status: number; message: string };

const NAME_LENGTH_MAX = 64;
const ORDER_NUMBER_LENGTH_MAX = 64;
const URL_LENGTH_MAX = 100;
const MONEY_DIGITS_MAX = 15;

export function decideSubmission(fields: Fields, merchant: Merchant): SubmissionDecision {
  // The Ed25519 dialect (`ldcpay`) is not spoken here.
  if (fields.type !== 'epay') return refuse(400, '不支持的请求类型');

  const missing = ['pid', 'out_trade_no', 'name', 'money', 'sign'].find((name) => !fields[name]);
  if (missing) return refuse(401, `缺少参数 ${missing}`);
  const { out_trade_no: outTradeNo = '', name = '' } = fields;
  if ([...outTradeNo].length > ORDER_NUMBER_LENGTH_MAX) return refuse(401, '商户订单号过长');
  if ([...name].length > NAME_LENGTH_MAX) return refuse(401, '商品名称过长');

  const money = parseMoney(fields.money ?? '');
  if (money === undefined) return refuse(401, '金额必须大于 0，且最多两位小数');
  if (fields.pid !== merchant.pid) return refuse(401, '商户不存在');
  if (!isSignedSubmission(fields, money, merchant.key)) return refuse(401, '签名验证失败');

  const { notify_url: notifyUrl = '', return_url: returnUrl = '', device = '' } = fields;
  if (!isAddress(notifyUrl) || !isAddress(returnUrl)) return refuse(400, '回调地址无效');
  return {
    accepted: true,
    submission: { outTradeNo, name, money, device, notifyUrl, returnUrl },
  };
}

/** The amount with two decimals, or undefined where it is not a positive plain decimal. */
export function parseMoney(text: string): string | undefined {
  const match = /^(\d+)(?:\.(\d{1,2}))?$/.exec(text);
  const [, units = '', cents = ''] = match ?? [];
  if (!match || units.length > MONEY_DIGITS_MAX || /^0*$/.test(units + cents)) return undefined;
  return `${BigInt(units)}.${cents.padEnd(2, '0')}`;
}

/** Both addresses may be left out; the merchant's own settings would then apply. */
function isAddress(text: string): boolean {
  if (text === '') return true;
  return text.length <= URL_LENGTH_MAX && URL.canParse(text) && /^https?:/i.test(text);
}

function refuse(status: number, message: string): SubmissionDecision {
  return { accepted: false, status, message };
}
