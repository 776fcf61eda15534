/** The frame of every call that a merchant makes: it is authorized first, and its answer is signed by the platform. */
import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { type Exchange, isRecord, readBody, send } from '../http/exchange.ts';
import type { Route } from '../http/router.ts';
import { judgeAuthorization } from './authorization.ts';
import type { Desk } from './desk.ts';
import { answerText, signText } from './signature.ts';

export interface ApiCall {
  params: Record<string, string>;
  query: URLSearchParams;
  body: Record<string, unknown>;
}

export interface ApiReply {
  status: 200 | 204 | 400 | 403 | 404;
  body?: object;
  /** It was done, and the connection ends without a word of it. */
  isLost?: boolean;
}

export interface ApiRoute {
  method: 'GET' | 'POST';
  path: string;
  /** The order that a call is about, whose steering bends the answer. */
  about(call: ApiCall): string;
  act(call: ApiCall): ApiReply;
}

export const apiPath = '/sandbox/wechat';
const nonceKeptMs = 600_000;

export function serveApi(desk: Desk, authorize: Guard, routes: ApiRoute[]): Route[] {
  return routes.map((route) => ({
    method: route.method,
    path: apiPath + route.path,
    async handle(exchange) {
      const call = await authorize(exchange);
      if (!call) return;
      const { answers } = desk.steeringOf(route.about(call));
      if (answers === 'down') return sendSigned(desk, exchange, route.about(call), systemError);
      const reply = route.act(call);
      if (answers === 'lost' || reply.isLost) exchange.response.destroy();
      else sendSigned(desk, exchange, route.about(call), reply);
    },
  }));
}

export function refusal(status: 400 | 403 | 404, code: string, message: string): ApiReply {
  return { status, body: { code, message } };
}

const systemError = {
  status: 500,
  body: { code: 'SYSTEM_ERROR', message: '系统异常，请稍后重试' },
};

/** Hands out a call that is the merchant's; any other it answers itself. */
export type Guard = (exchange: Exchange) => Promise<ApiCall | undefined>;

export function createGuard(desk: Desk): Guard {
  const used = new Map<string, number>();
  return async (exchange) => {
    const { request, response, params, query } = exchange;
    const text = (await readBody(request)).toString('utf8');
    const nowMs = Date.now();
    const called = {
      method: request.method ?? '',
      url: request.url ?? '',
      authorization: request.headers.authorization,
      body: text,
    };
    forgetBefore(used, nowMs - nonceKeptMs);
    const verdict = judgeAuthorization(called, desk.account().merchant, {
      nowMs,
      isUsed: (nonce) => used.has(nonce),
    });
    if (!verdict.authorized) {
      const { code, message } = verdict;
      sendUnsigned(response, 401, { code, message });
      return undefined;
    }
    used.set(verdict.nonce, nowMs);
    const body = readJson(text);
    if (body) return { params, query, body };
    sendUnsigned(response, 400, { code: 'PARAM_ERROR', message: '请求体不是合法的JSON' });
    return undefined;
  };
}

/** The oldest come first. */
function forgetBefore(used: Map<string, number>, limitMs: number): void {
  for (const [nonce, at] of used) {
    if (at >= limitMs) return;
    used.delete(nonce);
  }
}

function readJson(text: string): Record<string, unknown> | undefined {
  if (text === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function sendUnsigned(response: ServerResponse, status: number, body: object): void {
  send(response, status, 'application/json; charset=utf-8', JSON.stringify(body));
}

/** Signed over the very bytes, or over nothing where there are none; by the key that the merchant named. */
function sendSigned(
  desk: Desk,
  { request, response }: Exchange,
  about: string,
  { status, body }: { status: number; body?: object },
): void {
  const { merchant, platformPrivateKey, platformSerial } = desk.account();
  const sign = desk.steeringOf(about).answer_sign ?? 'good';
  const text = body === undefined ? '' : JSON.stringify(body);
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const nonce = randomBytes(16).toString('hex');
  const signed = answerText(timestamp, nonce, sign === 'bad' ? `${text} ` : text);
  const asked = String(request.headers['wechatpay-serial'] ?? '').toUpperCase();
  const serial = asked === platformSerial ? platformSerial : merchant.platform_key_id;
  response.setHeader('date', desk.clock.now().toUTCString());
  response.setHeader('request-id', randomBytes(8).toString('hex').toUpperCase());
  if (sign !== 'missing') {
    response.setHeader('wechatpay-timestamp', timestamp);
    response.setHeader('wechatpay-nonce', nonce);
    response.setHeader('wechatpay-serial', serial);
    response.setHeader('wechatpay-signature', signText(signed, platformPrivateKey));
    response.setHeader('wechatpay-signature-type', 'WECHATPAY2-SHA256-RSA2048');
  }
  if (status === 204) response.writeHead(204).end();
  else send(response, status, 'application/json; charset=utf-8', text);
}
