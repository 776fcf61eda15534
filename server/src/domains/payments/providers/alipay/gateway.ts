/**
 * Alipay's gateway: the official SDK signs what we ask and verifies what is answered; the call itself goes out under our
 * own limits. The SDK writes a request's time in the zone of the process, so it is given Beijing's.
 * https://opendocs.alipay.com/common/02kf5q
 */
import type { AlipaySdk } from 'alipay-sdk';
import type { FullAnswer, Outside } from '../../outside.ts';
import { loadSdk } from './load-sdk.ts';
import type { AlipaySettings } from './settings.ts';
import { writeBeijingTime } from './time.ts';

export interface Gateway {
  /** The address of a page at Alipay; undefined where our keys cannot be used. */
  pageUrl(method: string, request: GatewayRequest): Promise<string | undefined>;
  call(method: string, request: GatewayRequest): Promise<GatewayAnswer>;
  /** Fetches a file that an answer named. */
  download(url: string, bytesMax: number): Promise<Buffer | undefined>;
  /** Whether Alipay signed these fields. */
  isSignedByAlipay(fields: Readonly<Record<string, string>>): Promise<boolean>;
}

export interface GatewayRequest {
  biz: Readonly<Record<string, unknown>>;
  notifyUrl?: string;
  returnUrl?: string;
}

export type GatewayAnswer =
  /** Proven to be Alipay's. */
  | {
      kind: 'answered';
      code: string;
      subCode: string;
      fields: Readonly<Record<string, unknown>>;
      /** By the clock of whoever answered; undefined where the answer does not say. */
      at: Date | undefined;
    }
  /** An answer that proves nothing; what it complains of may still help an operator. */
  | { kind: 'unproven'; complaint: string | undefined }
  | { kind: 'silent' };

const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' };

export interface World {
  outside: Outside;
  /** The true time, by which Alipay goes. */
  wall(): Date;
}

export function openGateway(settings: AlipaySettings, { outside, wall }: World): Gateway {
  const gatewayUrl = `${settings.apiUrl}/gateway.do`;
  let opened: Promise<AlipaySdk | undefined> | undefined;
  const open = () => {
    opened ??= openSdk(settings, gatewayUrl);
    return opened;
  };
  return {
    async pageUrl(method, request) {
      const sdk = await open();
      return sdk?.pageExecute(method, 'GET', paramsOf(request, wall()));
    },
    async call(method, request) {
      const sdk = await open();
      if (!sdk) return { kind: 'silent' };
      const { url, body } = signedCall(sdk, method, paramsOf(request, wall()));
      const answer = await outside.send({ method: 'POST', url, headers, body });
      return answer ? readAnswer(sdk, method, answer) : { kind: 'silent' };
    },
    async download(url, bytesMax) {
      const address = fileAddress(url, settings.apiUrl);
      if (address === undefined) return undefined;
      const file = await outside.send({ method: 'GET', url: address, answerBytesMax: bytesMax });
      return file?.status === 200 ? file.bytes : undefined;
    },
    async isSignedByAlipay(fields) {
      const sdk = await open();
      try {
        return sdk?.checkNotifySignV2({ ...fields }) === true;
      } catch {
        return false;
      }
    },
  };
}

async function openSdk(
  { appId, keys }: AlipaySettings,
  gateway: string,
): Promise<AlipaySdk | undefined> {
  // Without Alipay's key the SDK would take every answer for true.
  if (!keys) return undefined;
  const { AlipaySdk: Sdk } = await loadSdk();
  const { privateKey, alipayPublicKey } = keys;
  return new Sdk({
    appId,
    privateKey,
    alipayPublicKey,
    gateway,
    signType: 'RSA2',
    keyType: 'PKCS1',
  });
}

function paramsOf({ biz, notifyUrl, returnUrl }: GatewayRequest, at: Date) {
  return {
    timestamp: writeBeijingTime(at),
    ...(notifyUrl === undefined ? {} : { notifyUrl }),
    ...(returnUrl === undefined ? {} : { returnUrl }),
    bizContent: biz,
  };
}

/** What is asked for travels in the body, all else in the address. */
function signedCall(sdk: AlipaySdk, method: string, content: ReturnType<typeof paramsOf>) {
  const signed = sdk.sdkExecute(method, content, { bizContentAutoSnakeCase: false });
  const params = new URLSearchParams(signed);
  const body = new URLSearchParams({ biz_content: params.get('biz_content') ?? '' }).toString();
  params.delete('biz_content');
  return { url: `${sdk.config.gateway}?${params}`, body };
}

/**
 * What was signed is what is read: the text is cut out, verified, and only then parsed. Reading the whole document
 * instead would believe a second object of the same name.
 */
function readAnswer(sdk: AlipaySdk, method: string, answer: FullAnswer): GatewayAnswer {
  const key = `${method.replaceAll('.', '_')}_response`;
  const document = parseObject(answer.text);
  const complaint = complaintIn(document?.[key] ?? document?.error_response);
  // The SDK would cut something out of an answer to another question, too.
  const isOurs = document !== undefined && Object.hasOwn(document, key);
  if (answer.status !== 200 || !isOurs || typeof document.sign !== 'string') {
    return { kind: 'unproven', complaint };
  }
  try {
    sdk.checkResponseSign(answer.text, key, document.sign, '');
  } catch {
    return { kind: 'unproven', complaint: complaint ?? 'the answer is signed by another key' };
  }
  const fields = parseObject(sdk.getSignStr(answer.text, key));
  if (!fields) return { kind: 'unproven', complaint };
  const at = instantIn(answer.headers.date);
  const [code, subCode] = [textIn(fields.code), textIn(fields.sub_code)];
  return { kind: 'answered', code, subCode, fields, at };
}

function instantIn(header: string | undefined): Date | undefined {
  const at = new Date(header ?? '');
  return Number.isNaN(at.getTime()) ? undefined : at;
}

/** Only a code, never a sentence: it is shown to operators, and anybody may have written it. */
function complaintIn(claimed: unknown): string | undefined {
  if (typeof claimed !== 'object' || claimed === null || !('sub_code' in claimed)) return undefined;
  const code = textIn(claimed.sub_code);
  return /^[\w.-]{1,64}$/.test(code) ? code : undefined;
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function textIn(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

const alipayHost = /(^|\.)(alipay|alipaydev)\.com$/;

/** Files lie on other hosts of Alipay's, which it still names with http; nothing else is fetched. */
function fileAddress(url: string, apiUrl: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const address = new URL(url);
  const isApi = address.origin === new URL(apiUrl).origin;
  if (!isApi && alipayHost.test(address.hostname) && address.protocol === 'http:') {
    address.protocol = 'https:';
  }
  const isAlipay = alipayHost.test(address.hostname) && address.protocol === 'https:';
  const isPlain = address.username === '' && address.password === '';
  return isPlain && (isApi || isAlipay) ? address.href : undefined;
}
