/** What stands in front of a route, whatever the framework: who calls, may they, and how a refusal is answered. */
import { createSluice, type Sluice, type SluiceOptions } from '../create-sluice.ts';
import {
  FeatureNotIncludedError,
  RateLimitedError,
  SluiceError,
  SluiceUnavailableError,
} from '../errors.ts';
import type { Limit, Quantities, Quantity, Subject } from '../wire.ts';
import { type End, type OpenCall, openCall } from './call.ts';

export interface Settings<Request> {
  /**
   * Who calls, where it is not their Sluice API key: an external id, or a subject; undefined for nobody. Take it from what
   * you have checked (a session, a verified token), never from what the caller merely says.
   */
  subject?: (request: Request) => MaybeAsync<Subject | string | undefined>;
  /** What each request takes; `{ requests: 1 }` where left out, `false` for nothing. */
  estimate?: Quantities | false | ((request: Request) => MaybeAsync<Quantities | false>);
  /** Where the caller is, for keys that allow addresses only. */
  ip?: (request: Request) => string | undefined;
  /** Whether a response is paid for; where left out, all but those of status 500 and above. */
  settles?: (end: End) => boolean;
}

/** A client of yours, or what one is made from. */
export type MiddlewareOptions<Request> = Settings<Request> & ({ client: Sluice } | SluiceOptions);

export interface RateLimit {
  perMinute?: number;
  perHour?: number;
  /** Routes with the same name share one count; `requests` where left out. */
  name?: string;
}

export interface QuotaSettings<Request> {
  /** 1 where left out. */
  quantity?: Quantity | ((request: Request) => MaybeAsync<Quantity>);
}

export interface Presented {
  headerOf(name: string): string | undefined;
  ip?: string | undefined;
}

type MaybeAsync<T> = T | Promise<T>;

export interface Gate<Request> {
  client: Sluice;
  /** @throws SluiceError `unauthenticated` where nobody calls. */
  enter(request: Request, presented: Presented): Promise<OpenCall>;
  /** Asks for what every request takes. */
  start(call: OpenCall, request: Request): Promise<void>;
}

export function createGate<Request>(options: MiddlewareOptions<Request>): Gate<Request> {
  const client = 'client' in options ? options.client : createSluice(options);
  const { subject: subjectOf, estimate = { requests: 1 }, settles = settlesByDefault } = options;
  return {
    client,
    async enter(request, presented) {
      const said = subjectOf ? await subjectOf(request) : keyOf(presented);
      if (said === undefined || said === '') {
        const sentence = subjectOf
          ? 'Sign in first.'
          : 'Send your API key as "Authorization: Bearer …" or "x-api-key".';
        throw new SluiceError('unauthenticated', sentence, { status: 401 });
      }
      const subject = typeof said === 'string' ? { external_id: said } : said;
      // Only keys may be bound to addresses; of anybody else it is nobody's business.
      const from = subject.api_key && (options.ip?.(request) ?? presented.ip);
      return openCall({ client, subject, ip: from && plainAddress(from), settles });
    },
    async start(call, request) {
      const quantities = typeof estimate === 'function' ? await estimate(request) : estimate;
      if (quantities !== false) await call.begin(quantities);
    },
  };
}

/** A caller who hangs up has had the work done: it is paid for, or hanging up would be a way not to. */
function settlesByDefault({ status, isAborted }: End): boolean {
  return isAborted || status < 500;
}

function keyOf({ headerOf }: Presented): Subject | undefined {
  const bearer = /^Bearer +(\S+)$/i.exec(headerOf('authorization') ?? '')?.[1];
  const key = bearer ?? headerOf('x-api-key');
  return key ? { api_key: key } : undefined;
}

/** IPv4 as it is, where a socket of both kinds shows it as IPv6; without the name of a network card. */
function plainAddress(ip: string): string {
  return ip.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
}

/** The call that `sluice()` opened in front. */
export function opened(call: unknown): OpenCall {
  if (!call) throw new Error('Put sluice(…) in front: it finds out who calls.');
  return call as OpenCall;
}

export async function requireQuota<Request>(
  call: OpenCall,
  meter: string,
  { quantity = 1 }: QuotaSettings<Request>,
  request: Request,
): Promise<void> {
  const wanted = typeof quantity === 'function' ? await quantity(request) : quantity;
  await call.begin({ [meter]: wanted });
}

export async function requireFeature(call: OpenCall, feature: string): Promise<void> {
  if (await call.client.hasFeature(call.subject, feature)) return;
  const sentence = `The plan does not include "${feature}": choose one that does.`;
  throw new FeatureNotIncludedError('feature_not_included', sentence, { status: 403 });
}

export async function requireRate(call: OpenCall, rate: RateLimit): Promise<void> {
  const { perMinute, perHour, name = 'requests' } = rate;
  const [limit, window_seconds] = perMinute === undefined ? [perHour, 3_600] : [perMinute, 60];
  if (limit === undefined) throw new TypeError('rateLimit needs perMinute or perHour.');
  const { subject, client } = call;
  const answer = await client.checkRateLimit({ subject, name, limit, window_seconds });
  if (answer.allowed) return;
  const retryAfterSeconds = answer.retry_after_seconds;
  const sentence = `More than ${limit} requests in ${window_seconds} seconds: try again in ${retryAfterSeconds} s.`;
  throw new RateLimitedError('rate_limited', sentence, { status: 429, retryAfterSeconds });
}

export interface Refusal {
  status: number;
  headers: Record<string, string>;
  body: { error: Record<string, unknown> };
}

/** What the caller has to hear. Any other error is yours, such as a wrong application key, and for your error handler. */
const forCallers = new Set([
  'unauthenticated',
  'api_key_invalid',
  'api_key_expired',
  'insufficient_funds',
  'spend_cap_exceeded',
  'organization_past_due',
  'organization_suspended',
  'model_not_allowed',
  'quota_required',
  'feature_not_included',
  'ip_not_allowed',
  'quota_exceeded',
  'rate_limited',
  'concurrency_exceeded',
]);

/** The answer that a refusal is given; undefined where the error is none. */
export function refusalOf(error: unknown, subject?: Subject): Refusal | undefined {
  if (!(error instanceof SluiceError)) return undefined;
  if (error instanceof SluiceUnavailableError) {
    const sentence = 'It cannot be checked now whether you may do this: try again shortly.';
    return refusal(503, { code: 'unavailable', message: sentence }, 1);
  }
  if (error.code === 'subject_unknown' && subject?.api_key !== undefined) {
    return refusal(401, { code: 'api_key_invalid', message: 'The API key is not valid.' });
  }
  // 401 from Sluice itself is about your application's key.
  const isOurs = error.requestId !== undefined && error.status === 401;
  if (isOurs || !forCallers.has(error.code)) return undefined;
  const { code, message, requestId, detail, retryAfterSeconds } = error;
  return refusal(
    error.status,
    {
      code,
      message,
      ...(requestId !== undefined && { request_id: requestId }),
      ...(detail && { limit: detail }),
      ...(retryAfterSeconds !== undefined && { retry_after_seconds: retryAfterSeconds }),
    },
    retryAfterSeconds,
    detail,
  );
}

function refusal(
  status: number,
  error: Record<string, unknown>,
  retryAfterSeconds?: number,
  limit?: Limit,
): Refusal {
  const headers = {
    ...(limit && rateHeaders([limit])),
    ...(retryAfterSeconds !== undefined && { 'retry-after': String(Math.ceil(retryAfterSeconds)) }),
  };
  return { status, headers, body: { error } };
}

/** The scarcest limit, as many clients read it. */
export function rateHeaders(limits: readonly Limit[], nowMs = Date.now()): Record<string, string> {
  const scarcest = limits.find(({ limit }) => limit !== null);
  if (!scarcest || scarcest.limit === null) return {};
  const { limit, remaining, resets_at } = scarcest;
  const resetSeconds = resets_at && Math.ceil((Date.parse(resets_at) - nowMs) / 1000);
  return {
    'ratelimit-limit': limit,
    ...(remaining !== null && { 'ratelimit-remaining': remaining }),
    ...(resetSeconds && { 'ratelimit-reset': String(Math.max(0, resetSeconds)) }),
  };
}
