/** Express 4 and 5: `app.use(sluice({ … }))`, and guards in front of routes. */
import type { Request, Response } from 'express';
import type { Sluice } from './create-sluice.ts';
import { CallerGone, type SluiceCall } from './middleware/call.ts';
import {
  createGate,
  type MiddlewareOptions,
  opened,
  type QuotaSettings,
  type RateLimit,
  rateHeaders,
  refusalOf,
  requireFeature,
  requireQuota,
  requireRate,
} from './middleware/gate.ts';
import { headerIn, type NodeHeaders, type NodeResponse, whenEnded } from './middleware/node.ts';

export type { End, SluiceCall } from './middleware/call.ts';

declare global {
  namespace Express {
    interface Request {
      /** What this request costs its caller; there behind `sluice()`. */
      sluice: SluiceCall;
    }
  }
}

/** As much of Express's request as is needed, so that the guards go before handlers of any parameters. */
export interface ExpressRequest {
  headers: NodeHeaders;
  ip?: string | undefined;
  sluice?: SluiceCall;
}

/** As much of Express's response as is needed. */
export interface ExpressResponse extends NodeResponse {
  set(fields: Record<string, string>): this;
  status(code: number): this;
  json(body: unknown): unknown;
}

type Next = (error?: unknown) => void;
type Handler = (request: ExpressRequest, response: ExpressResponse, next: Next) => Promise<void>;
type OnRefused = (error: unknown, request: Request, response: Response) => unknown;

export type ExpressOptions = MiddlewareOptions<Request> & {
  /** Answers a refusal in your own words. */
  onRefused?: OnRefused;
};

/** Finds out who calls, asks Sluice, and settles when the response has ended. */
export function sluice(options: ExpressOptions): Handler & { client: Sluice } {
  const gate = createGate<Request>(options);
  const handler = guard(async (request, response) => {
    if (options.onRefused) refusers.set(request, options.onRefused);
    const call = await gate.enter(request, { headerOf: headerIn(request.headers), ip: request.ip });
    request.sluice = call;
    whenEnded(response, (end) => void call.end(end));
    await gate.start(call, request);
  });
  return Object.assign(handler, { client: gate.client });
}

/** The caller may use so much of a meter; reserved here, settled with the response. */
export function quotaRequired(meter: string, settings: QuotaSettings<Request> = {}): Handler {
  return guard((request) => requireQuota(opened(request.sluice), meter, settings, request));
}

/** So many requests of one caller within a minute or an hour. */
export function rateLimit(rate: RateLimit): Handler {
  return guard((request) => requireRate(opened(request.sluice), rate));
}

/** The caller's plan includes the feature. */
export function featureRequired(feature: string): Handler {
  return guard((request) => requireFeature(opened(request.sluice), feature));
}

/** Guards behind `sluice()` answer refusals as it was told to. */
const refusers = new WeakMap<object, OnRefused>();

function guard(step: (request: Request, response: ExpressResponse) => Promise<void>): Handler {
  return async (request, response, next) => {
    try {
      await step(request as Request, response);
    } catch (error) {
      answer(error, request, response, next);
      return;
    }
    response.set(rateHeaders(request.sluice?.limits ?? []));
    next();
  };
}

function answer(
  error: unknown,
  request: ExpressRequest,
  response: ExpressResponse,
  next: Next,
): void {
  if (error instanceof CallerGone) return;
  // Nothing is done for a request that is refused, whatever guards in front have let it pass.
  request.sluice?.release();
  const refusal = refusalOf(error, request.sluice?.subject);
  const own = refusers.get(request);
  if (!refusal) next(error);
  else if (own) own(error, request as Request, response as Response);
  else response.set(refusal.headers).status(refusal.status).json(refusal.body);
}
