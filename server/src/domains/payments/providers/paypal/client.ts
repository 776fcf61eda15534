/**
 * Calls PayPal's API with an access token that is fetched when it is needed and kept until shortly before it lapses.
 * Neither a token nor the secret leaves this file but in a header.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { FullAnswer, Outside } from '../../outside.ts';
import type { PaypalSettings } from './settings.ts';

export interface ApiCall {
  method: 'GET' | 'POST' | 'DELETE';
  path: string;
  /** Already JSON where it is text. */
  body?: object | string;
  /** PayPal does what comes again under it only once. */
  requestId?: string;
  answerBytesMax?: number;
}

export interface ApiAnswer {
  status: number;
  /** Undefined where the answer is no JSON. */
  json: unknown;
  /** By PayPal's clock; null where it does not say. */
  at: Date | null;
}

export interface PaypalClient {
  /** The answer, or undefined when there was none; then the call may have been done all the same. */
  call(call: ApiCall): Promise<ApiAnswer | undefined>;
}

/** An app of PayPal's, connected. */
export interface Paypal {
  settings: PaypalSettings;
  client: PaypalClient;
}

type Credentials = Pick<PaypalSettings, 'apiUrl' | 'clientId' | 'clientSecret'>;

export function createClient(credentials: Credentials, outside: Outside): PaypalClient {
  const tokens = tokensOf(credentials, outside);
  const send = async (call: ApiCall, token: string) =>
    readJson(await outside.send(toRequest(call, credentials.apiUrl, token)));
  return {
    async call(call) {
      const first = await tokens.current();
      if ('refused' in first) return first.refused;
      const answer = await send(call, first.token);
      if (answer?.status !== 401) return answer;
      // PayPal may end a token before its time.
      tokens.forget(first.token);
      const second = await tokens.current();
      return 'refused' in second ? second.refused : send(call, second.token);
    },
  };
}

function toRequest(call: ApiCall, apiUrl: string, token: string) {
  const { method, path, body, requestId, answerBytesMax } = call;
  return {
    method,
    url: apiUrl + path,
    headers: {
      accept: 'application/json',
      authorization: `Bearer ${token}`,
      ...(method === 'POST'
        ? { 'content-type': 'application/json', prefer: 'return=representation' }
        : {}),
      ...(requestId === undefined ? {} : { 'paypal-request-id': requestId }),
    },
    ...(method === 'POST'
      ? { body: typeof body === 'string' ? body : JSON.stringify(body ?? {}) }
      : {}),
    ...(answerBytesMax === undefined ? {} : { answerBytesMax }),
  } as const;
}

type Access = { token: string } | { refused: ApiAnswer | undefined };

interface Tokens {
  current(): Promise<Access>;
  forget(token: string): void;
}

/** Renewed this long before PayPal would refuse it. */
const leadMs = 60_000;
const cachesMax = 100;
/** Of this process, by app: a provider is connected anew for every payment, and a token serves for hours. */
const caches = new Map<string, Tokens>();

function tokensOf(credentials: Credentials, outside: Outside): Tokens {
  const url = outside.resolve(credentials.apiUrl);
  const parts = JSON.stringify([url, credentials.clientId, credentials.clientSecret]);
  const key = createHash('sha256').update(parts).digest('hex');
  const known = caches.get(key);
  if (known) return known;
  if (caches.size >= cachesMax) caches.clear();
  const tokens = openTokens(credentials, outside);
  caches.set(key, tokens);
  return tokens;
}

function openTokens(credentials: Credentials, outside: Outside): Tokens {
  let kept: { token: string; untilMs: number } | undefined;
  let underWay: Promise<Access> | undefined;
  const fetch = async (): Promise<Access> => {
    const fetched = await fetchToken(credentials, outside);
    if ('refused' in fetched) return fetched;
    kept = { token: fetched.token, untilMs: performance.now() + fetched.lifeMs - leadMs };
    return { token: fetched.token };
  };
  return {
    current() {
      if (kept && performance.now() < kept.untilMs) return Promise.resolve({ token: kept.token });
      underWay ??= fetch().finally(() => {
        underWay = undefined;
      });
      return underWay;
    },
    forget(token) {
      if (kept?.token === token) kept = undefined;
    },
  };
}

const TokenAnswer = z.object({
  // It goes into a header.
  access_token: z.string().regex(/^[\x21-\x7e]{1,4096}$/),
  expires_in: z.number().positive(),
});

async function fetchToken({ apiUrl, clientId, clientSecret }: Credentials, outside: Outside) {
  const basic = Buffer.from(`${clientId}:${clientSecret}`, 'utf8').toString('base64');
  const answer = readJson(
    await outside.send({
      method: 'POST',
      url: `${apiUrl}/v1/oauth2/token`,
      headers: {
        accept: 'application/json',
        authorization: `Basic ${basic}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: 'grant_type=client_credentials',
    }),
  );
  // Whatever else is answered here is not about the call that wants the token: an order is not absent by it.
  if (answer?.status === 400 || answer?.status === 401)
    return { refused: { ...answer, status: 401 } };
  const { data } = TokenAnswer.safeParse(answer?.json);
  if (answer?.status !== 200 || !data) return { refused: undefined };
  return { token: data.access_token, lifeMs: data.expires_in * 1_000 };
}

function readJson(answer: FullAnswer | undefined): ApiAnswer | undefined {
  if (!answer) return undefined;
  const { status, headers, text } = answer;
  const ms = Date.parse(headers.date ?? '');
  const at = Number.isNaN(ms) ? null : new Date(ms);
  try {
    return { status, at, json: JSON.parse(text) };
  } catch {
    return { status, at, json: undefined };
  }
}
