/** Hono, on any runtime: `app.use(sluice({ … }))`, and guards in front of routes. */
import type { Context, MiddlewareHandler } from 'hono';
import type { Sluice } from './create-sluice.ts';
import { CallerGone, type End, type OpenCall, type SluiceCall } from './middleware/call.ts';
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

export type { End, SluiceCall } from './middleware/call.ts';

declare module 'hono' {
  interface ContextVariableMap {
    /** What this request costs its caller; there behind `sluice()`. */
    sluice: SluiceCall;
  }
}

type OnRefused = (error: unknown, context: Context) => Response | Promise<Response>;

export type HonoOptions = MiddlewareOptions<Context> & {
  /** Answers a refusal in your own words. */
  onRefused?: OnRefused;
};

/** Finds out who calls, asks Sluice, and settles when the response has ended. */
export function sluice(options: HonoOptions): MiddlewareHandler & { client: Sluice } {
  const gate = createGate<Context>(options);
  const handler: MiddlewareHandler = async (context, next) => {
    let call: OpenCall;
    try {
      if (options.onRefused) refusers.set(context, options.onRefused);
      call = await gate.enter(context, { headerOf: (name) => context.req.header(name) });
      context.set('sluice', call);
      await gate.start(call, context);
    } catch (error) {
      return answer(error, context);
    }
    showLimits(context, call);
    const { signal } = context.req.raw;
    const hungUp = () => void call.end({ status: 499, isAborted: true });
    signal.addEventListener('abort', hungUp, { once: true });
    await next();
    if (signal.aborted) hungUp();
    else context.res = endingWith(context, call);
    return undefined;
  };
  return Object.assign(handler, { client: gate.client });
}

/** The caller may use so much of a meter; reserved here, settled with the response. */
export function quotaRequired(
  meter: string,
  settings: QuotaSettings<Context> = {},
): MiddlewareHandler {
  return guard((context) => requireQuota(opened(context.get('sluice')), meter, settings, context));
}

/** So many requests of one caller within a minute or an hour. */
export function rateLimit(rate: RateLimit): MiddlewareHandler {
  return guard((context) => requireRate(opened(context.get('sluice')), rate));
}

/** The caller's plan includes the feature. */
export function featureRequired(feature: string): MiddlewareHandler {
  return guard((context) => requireFeature(opened(context.get('sluice')), feature));
}

/** Guards behind `sluice()` answer refusals as it was told to. */
const refusers = new WeakMap<object, OnRefused>();

function guard(step: (context: Context) => Promise<void>): MiddlewareHandler {
  return async (context, next) => {
    try {
      await step(context);
    } catch (error) {
      return answer(error, context);
    }
    showLimits(context, context.get('sluice'));
    await next();
    return undefined;
  };
}

function showLimits(context: Context, { limits }: SluiceCall): void {
  for (const [name, value] of Object.entries(rateHeaders(limits))) context.header(name, value);
}

async function answer(error: unknown, context: Context): Promise<Response> {
  const call = context.get('sluice') as SluiceCall | undefined;
  // Nothing is done for a request that is refused, whatever guards in front have let it pass.
  call?.release();
  if (error instanceof CallerGone) return new Response(null, { status: 499 });
  const refusal = refusalOf(error, call?.subject);
  if (!refusal) throw error;
  const own = refusers.get(context);
  if (own) return own(error, context);
  return Response.json(refusal.body, { status: refusal.status, headers: refusal.headers });
}

/** The response, with its end watched: a stream is over when its last byte is taken, or nobody takes it any more. */
function endingWith(context: Context, call: OpenCall): Response {
  const { res: response } = context;
  const { body, status } = response;
  let tellEnded = () => {};
  const ended = new Promise<void>((resolve) => {
    tellEnded = resolve;
  });
  const end = (how: End) => void call.end(how).then(tellEnded);
  keepRunning(context, ended);
  if (!body) {
    end({ status, isAborted: false });
    return response;
  }
  return new Response(watched(body, status, end), response);
}

function watched(
  body: ReadableStream<Uint8Array>,
  status: number,
  end: (how: End) => void,
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (!done) return controller.enqueue(value);
        controller.close();
        end({ status, isAborted: false });
      } catch (error) {
        end({ status: 500, isAborted: false });
        controller.error(error);
      }
    },
    cancel(reason) {
      end({ status, isAborted: true });
      return reader.cancel(reason);
    },
  });
}

/** On edge runtimes what goes on after the response has to be announced. */
function keepRunning(context: Context, work: Promise<void>): void {
  let announce: ((work: Promise<void>) => void) | undefined;
  try {
    const { executionCtx } = context;
    announce = (promise) => executionCtx.waitUntil(promise);
  } catch {
    // Hono throws where the runtime has no such thing and simply runs on.
  }
  announce?.(work);
}
