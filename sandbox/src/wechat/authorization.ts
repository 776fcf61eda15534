/** Judges whether a call comes from the merchant: its signature over everything, a fresh timestamp, a nonce used once. */
import type { WechatMerchant } from './account.ts';
import { isSignedBy, requestText } from './signature.ts';

export interface Called {
  method: string;
  /** Path and query as they came. */
  url: string;
  authorization: string | undefined;
  body: string;
}

export type Verdict =
  | { authorized: true; nonce: string }
  | { authorized: false; code: 'SIGN_ERROR'; message: string };

const scheme = 'WECHATPAY2-SHA256-RSA2048 ';
const offsetSecondsMax = 300;
const fields = ['mchid', 'serial_no', 'timestamp', 'nonce_str', 'signature'] as const;
type Fields = Record<(typeof fields)[number], string>;

export function judgeAuthorization(
  { method, url, authorization, body }: Called,
  merchant: WechatMerchant,
  { nowMs, isUsed }: { nowMs: number; isUsed: (nonce: string) => boolean },
): Verdict {
  const read = readFields(authorization ?? '');
  if (!read) return refuse('Http头Authorization认证类型不正确');
  const { mchid, serial_no, timestamp, nonce_str: nonce, signature } = read;
  if (mchid !== merchant.mchid) return refuse('Http头Authorization中的mchid与商户号不一致');
  if (serial_no.toUpperCase() !== merchant.merchant_serial) return refuse('商户证书序列号有误');
  const offset = Math.abs(nowMs / 1_000 - Number(timestamp));
  if (!/^\d+$/.test(timestamp) || offset > offsetSecondsMax) {
    return refuse('Http头Authorization中的timestamp与发起请求的时间不得超过5分钟');
  }
  if (nonce.length < 16 || nonce.length > 32) return refuse('随机串长度有误');
  const text = requestText({ method, url, timestamp, nonce, body });
  if (!isSignedBy(text, signature, merchant.private_key)) return refuse('签名错误');
  if (isUsed(nonce)) return refuse('随机串重复');
  return { authorized: true, nonce };
}

function readFields(authorization: string): Fields | undefined {
  if (!authorization.startsWith(scheme)) return undefined;
  const found = new Map<string, string>();
  for (const [, name = '', value = ''] of authorization.matchAll(/(\w+)="([^"]*)"/g)) {
    if (found.has(name)) return undefined;
    found.set(name, value);
  }
  const isWhole = fields.every((name) => found.get(name));
  return isWhole ? (Object.fromEntries(found) as Fields) : undefined;
}

function refuse(message: string): Verdict {
  return { authorized: false, code: 'SIGN_ERROR', message };
}
