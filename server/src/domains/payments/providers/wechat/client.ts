/**
 * Calls of the v3 API. The SDK signs what we ask and verifies what is answered; our own limits carry it. Errors of the
 * SDK quote headers and keys, so none leaves this file.
 */
import type { Outside } from '../../outside.ts';
import { readPlatformKeys, readPrivateKey } from './keys.ts';
import type { WechatSettings } from './settings.ts';

export type Answer =
  /** A verified success, or a refusal with its code; refusals are not signed by every server there. */
  | { kind: 'answered'; status: number; body: unknown; headers: Readonly<Record<string, string>> }
  /** A success whose signature is missing, wrong, old, or by a key we do not know. */
  | { kind: 'unverified' }
  | { kind: 'silent' };

export interface Call {
  method: 'GET' | 'POST';
  /** Without the leading slash, as the SDK wants it. */
  path: string;
  query?: Readonly<Record<string, string>>;
  body?: object;
  /** A file, whose download is not signed by the platform. */
  file?: { bytesMax: number };
}

export type Client = (call: Call) => Promise<Answer>;

type Sdk = typeof import('wechatpay-axios-plugin');
type SdkClient = InstanceType<Sdk['Decorator']>;
type Config = NonNullable<Parameters<SdkClient['request']>[3]>;
type Adapter = Extract<NonNullable<Config['adapter']>, (config: never) => unknown>;

export function openClient(settings: WechatSettings, outside: Outside): Client {
  let opened: Promise<SdkClient> | undefined;
  return async (call) => {
    try {
      opened ??= openSdk(settings, outside);
      return await request(await opened, call);
    } catch (error) {
      return isSignatureError(error) ? { kind: 'unverified' } : { kind: 'silent' };
    }
  };
}

/** Loaded when it is first needed: most processes never call WeChat Pay. */
async function openSdk(settings: WechatSettings, outside: Outside): Promise<SdkClient> {
  const { Decorator } = await import('wechatpay-axios-plugin');
  const { mchid, merchantSerial: serial, platform } = settings;
  const privateKey = readPrivateKey(settings.privateKey);
  const known = readPlatformKeys(platform);
  return new Decorator({
    mchid,
    serial,
    privateKey: privateKey as never,
    certs: Object.fromEntries(known),
    baseURL: `${settings.apiUrl}/`,
    adapter: carriedBy(outside),
    // What is signed and what is sent must be spelled alike.
    paramsSerializer: { serialize: (params) => new URLSearchParams(params).toString() },
    // With the name of one of its keys here, the platform signs its answers with that one.
    headers: { 'Wechatpay-Serial': [...known.keys()][0] ?? '' },
  });
}

async function request(sdk: SdkClient, { method, path, query, body, file }: Call): Promise<Answer> {
  const { status, data, headers } = await sdk.request(path, method.toLowerCase(), body, {
    ...(query ? { params: query } : {}),
    ...(file ? { responseType: 'arraybuffer', maxContentLength: file.bytesMax } : {}),
  });
  // The SDK verifies successes only, and a redirect is no answer at all.
  if (status >= 300 && status < 400) return { kind: 'silent' };
  const named = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]);
  return { kind: 'answered', status, body: data, headers: Object.fromEntries(named) };
}

/** The SDK's requests, signed by now, over our own way outside. */
function carriedBy(outside: Outside): Adapter {
  return async (config) => {
    const url = new URL(String(config.url), config.baseURL);
    url.search = new URLSearchParams(config.params).toString();
    const isFile = config.responseType === 'arraybuffer';
    const answer = await outside.send({
      method: config.method?.toUpperCase() === 'POST' ? 'POST' : 'GET',
      url: url.href,
      headers: Object.fromEntries(
        Object.entries(config.headers.toJSON()).map(([name, value]) => [name, String(value)]),
      ),
      ...(typeof config.data === 'string' ? { body: config.data } : {}),
      ...(isFile ? { answerBytesMax: config.maxContentLength ?? 0 } : {}),
    });
    if (!answer) throw new Error('no answer');
    const { status, headers, bytes, text } = answer;
    return { status, statusText: '', headers, config, data: isFile ? bytes : text };
  };
}

/** The SDK's own verdicts on an answer all have names that begin so. */
function isSignatureError(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && code.startsWith('EV3_RES_');
}

/** The clock that the SDK signs and judges by. */
export async function secondsNow(): Promise<number> {
  const { Formatter } = await import('wechatpay-axios-plugin');
  return Number(Formatter.timestamp());
}

/** The code of a refusal, without its underscores: documents of different years spell them differently. */
export function refusalOf(answer: Answer): string | undefined {
  if (answer.kind !== 'answered' || answer.status < 400) return undefined;
  const { body } = answer;
  const code = typeof body === 'object' && body !== null && 'code' in body ? body.code : '';
  // Whatever is no code may quote what we sent.
  return typeof code === 'string' && /^[A-Z_]{1,64}$/.test(code) ? code.replaceAll('_', '') : '';
}
