/** Reads a call of the gateway: whether it is the merchant's, and what it asks for. */
import { type Exchange, isRecord, readBody } from '../http/exchange.ts';
import type { Account } from './account.ts';
import { invalid, type Said } from './answer.ts';
import { parseBeijingTime } from './beijing.ts';
import { type Fields, isSignedRequest } from './signature.ts';

export interface GatewayCall {
  method: string;
  notifyUrl: string;
  returnUrl: string;
  biz: Record<string, unknown>;
}

export type ReadCall =
  | { accepted: true; call: GatewayCall }
  | { accepted: false; method: string; said: Said; isKnown: boolean };

const clockDriftMsMax = 15 * 60_000;
const signForm = /^[A-Za-z0-9+/]+={0,2}$/;

/** Query and form together, as the gateway takes them; undefined where a name comes twice. */
export async function readCallFields({ request, query }: Exchange): Promise<Fields | undefined> {
  const body = request.method === 'POST' ? (await readBody(request)).toString('utf8') : '';
  const fields: Fields = {};
  for (const [name, value] of [...query, ...new URLSearchParams(body)]) {
    if (Object.hasOwn(fields, name)) return undefined;
    fields[name] = value;
  }
  return fields;
}

/** `isPage`: a browser brings it, perhaps long after it was signed. */
export function readCall(
  fields: Fields,
  { account, isPage }: { account: Account; isPage: boolean },
): ReadCall {
  const { method = '' } = fields;
  const problem = problemOf(fields, account) ?? timeProblem(fields.timestamp, isPage);
  if (problem) return { accepted: false, method, ...problem };
  const biz = parseContent(fields.biz_content ?? '');
  if (!biz) {
    const said = invalid('isv.invalid-parameter', '参数无效');
    return { accepted: false, method, said, isKnown: true };
  }
  const { notify_url: notifyUrl = '', return_url: returnUrl = '' } = fields;
  return { accepted: true, call: { method, notifyUrl, returnUrl, biz } };
}

/** `isKnown`: Alipay knows who asks, so that its answer is signed. */
function problemOf(fields: Fields, account: Account): { said: Said; isKnown: boolean } | undefined {
  if (fields.app_id !== account.appId) {
    return { said: invalid('isv.invalid-app-id', '无效的AppID参数'), isKnown: false };
  }
  if (fields.sign_type !== 'RSA2') {
    return { said: invalid('isv.invalid-signature-type', '无效签名类型'), isKnown: true };
  }
  if (fields.version !== '1.0' || fields.charset?.toLowerCase() !== 'utf-8') {
    return { said: invalid('isv.invalid-charset', '无效的编码或版本'), isKnown: true };
  }
  if (!signForm.test(fields.sign ?? '') || !isSignedRequest(fields, account.merchantPublicKey)) {
    return { said: invalid('isv.invalid-signature', '无效签名'), isKnown: true };
  }
  return undefined;
}

/** The true time, in Beijing: a caller that writes another zone's is hours off. */
function timeProblem(timestamp = '', isPage: boolean): { said: Said; isKnown: true } | undefined {
  const at = parseBeijingTime(timestamp);
  const ageMs = at ? Date.now() - at.getTime() : Number.NEGATIVE_INFINITY;
  const isTimely = ageMs >= -clockDriftMsMax && (isPage || ageMs <= clockDriftMsMax);
  if (isTimely) return undefined;
  return { said: invalid('isv.invalid-timestamp', '非法的时间戳参数'), isKnown: true };
}

function parseContent(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
