/** Fastify 5: `app.register(sluice({ … }))`, and guards as `preHandler` of routes. */
import type { FastifyReply, FastifyRequest } from 'fastify';
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
import { headerIn, whenEnded } from './middleware/node.ts';

export type { End, SluiceCall } from './middleware/call.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** What this request costs its caller; there behind `sluice()`. */
    sluice: SluiceCall;
  }
}

type Hook = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;
type OnRefused = (error: unknown, request: FastifyRequest, reply: FastifyReply) => unknown;

/** As much of an instance as is needed; plugins of any logger and server type register it. */
interface Instance {
  decorateRequest(name: 'sluice', value: null): unknown;
  addHook(name: 'preHandler', hook: Hook): unknown;
  addHook(name: 'onClose', hook: () => Promise<void>): unknown;
}

export type FastifyOptions = MiddlewareOptions<FastifyRequest> & {
  /** Answers a refusal in your own words, with `reply.send`. */
  onRefused?: OnRefused;
};

/** A plugin that finds out who calls, asks Sluice, and settles when the response has ended. */
export function sluice(
  options: FastifyOptions,
): ((instance: Instance) => Promise<void>) & { client: Sluice } {
  const gate = createGate<FastifyRequest>(options);
  const plugin = async (instance: Instance) => {
    instance.decorateRequest('sluice', null);
    instance.addHook(
      'preHandler',
      guard(async (request, reply) => {
        if (options.onRefused) refusers.set(request, options.onRefused);
        const call = await gate.enter(request, {
          headerOf: headerIn(request.headers),
          ip: request.ip,
        });
        request.sluice = call;
        whenEnded(reply.raw, (end) => void call.end(end));
        await gate.start(call, request);
      }),
    );
    // A client of its own ends with the server; one that was given is the giver's.
    if (!('client' in options)) instance.addHook('onClose', () => gate.client.close());
  };
  // For the instance that registers it, not for a scope of its own.
  return Object.assign(plugin, { client: gate.client, [Symbol.for('skip-override')]: true });
}

/** The caller may use so much of a meter; reserved here, settled with the response. */
export function quotaRequired(meter: string, settings: QuotaSettings<FastifyRequest> = {}): Hook {
  return guard((request) => requireQuota(opened(request.sluice), meter, settings, request));
}

/** So many requests of one caller within a minute or an hour. */
export function rateLimit(rate: RateLimit): Hook {
  return guard((request) => requireRate(opened(request.sluice), rate));
}

/** The caller's plan includes the feature. */
export function featureRequired(feature: string): Hook {
  return guard((request) => requireFeature(opened(request.sluice), feature));
}

/** Guards behind `sluice()` answer refusals as it was told to. */
const refusers = new WeakMap<object, OnRefused>();

function guard(step: (request: FastifyRequest, reply: FastifyReply) => Promise<void>): Hook {
  return async (request, reply) => {
    try {
      await step(request, reply);
      reply.headers(rateHeaders(request.sluice.limits));
      return undefined;
    } catch (error) {
      return answer(error, request, reply);
    }
  };
}

function answer(error: unknown, request: FastifyRequest, reply: FastifyReply): unknown {
  if (error instanceof CallerGone) return reply.hijack();
  // Nothing is done for a request that is refused, whatever guards in front have let it pass. Null until it is opened.
  const call = request.sluice as SluiceCall | null;
  call?.release();
  const refusal = refusalOf(error, call?.subject);
  if (!refusal) throw error;
  const own = refusers.get(request);
  if (own) return own(error, request, reply);
  return reply.headers(refusal.headers).status(refusal.status).send(refusal.body);
}
