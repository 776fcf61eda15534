/** Serves the contract's endpoints: parse, authenticate, authorize, act, answer. Domains only hand over handlers. */

import type { Operation } from '@sluice/contract';
import { authorization, type Rule } from '@sluice/contract/authorization';
import type { AnswerOf, BodyOf, Endpoint, ParamsOf, QueryOf } from '@sluice/contract/endpoint';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Actor, Context, Platform } from '../context.ts';
import { invariant, Refusal } from '../errors.ts';
import { logOfRequest } from '../log.ts';
import { type Authenticate, type Caller, requireAllowed } from './caller.ts';
import { deviceOf } from './device.ts';
import { parse } from './errors.ts';
import { underIdempotencyKey } from './idempotency.ts';

/** One request, understood: its parts are parsed, its caller may make it. */
export interface Call<E extends Endpoint> {
  context: Context;
  caller: Caller;
  /** The acting organization; reading it for a caller who is in none is a bug. */
  readonly organizationId: string;
  params: ParamsOf<E>;
  query: QueryOf<E>;
  body: BodyOf<E>;
  request: FastifyRequest;
  reply: FastifyReply;
}

// biome-ignore lint/suspicious/noConfusingVoidType: a handler of an endpoint without an answer returns nothing
type HandlerAnswer<E extends Endpoint> = E extends { answer: object } ? AnswerOf<E> : void;

export interface Routes {
  /** Serves an endpoint; the answer is checked against the contract, and what the contract does not list is dropped. */
  serve<E extends Endpoint>(
    endpoint: E,
    handle: (call: Call<E>) => Promise<HandlerAnswer<E>>,
  ): void;
  /**
   * Serves an endpoint that an outside system calls in its own words: any content type, the body as raw bytes
   * (`request.body` is a Buffer), and the handler answers through `reply` itself.
   */
  serveRaw<E extends Endpoint>(endpoint: E, handle: (call: Call<E>) => Promise<void>): void;
  /** Operations served so far. */
  readonly served: ReadonlySet<string>;
}

/** Largest notification of a payment provider. */
const rawBodyBytesMax = 1024 * 1024;

export interface RoutesOptions {
  platform: Platform;
  authenticate: Authenticate;
}

export function createRoutes(app: FastifyInstance, options: RoutesOptions): Routes {
  const served = new Set<string>();
  const claim = (endpoint: Endpoint) => {
    invariant(!served.has(endpoint.operation), `${endpoint.operation} is served once`);
    served.add(endpoint.operation);
    return { method: endpoint.method, url: endpoint.path.replace(/\{(\w+)\}/g, ':$1') };
  };
  return {
    served,
    serve(endpoint, handle) {
      const { bodyBytesMax } = endpoint;
      app.route({
        ...claim(endpoint),
        ...(bodyBytesMax === undefined ? {} : { bodyLimit: bodyBytesMax }),
        handler: async (request, reply) => {
          const call = await understand(options, endpoint, request, reply);
          const answer = await answerOnce(endpoint, call, handle);
          if (reply.sent) return reply;
          if (answer.status === 204) return reply.code(204).send();
          return reply.code(answer.status).send(answer.body);
        },
      });
    },
    serveRaw(endpoint, handle) {
      const route = claim(endpoint);
      app.register(async (scope) => {
        scope.removeAllContentTypeParsers();
        const parser = { parseAs: 'buffer', bodyLimit: rawBodyBytesMax } as const;
        scope.addContentTypeParser('*', parser, (_request, bytes, done) => done(null, bytes));
        scope.route({
          ...route,
          handler: async (request, reply) => {
            await handle(await understand(options, endpoint, request, reply));
            return reply;
          },
        });
      });
    },
  };
}

async function understand<E extends Endpoint>(
  options: RoutesOptions,
  endpoint: E,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Call<E>> {
  const rule = authorization[endpoint.operation as Operation];
  const caller = await findCaller(options, { rule, endpoint }, request);
  requireAllowed(rule, caller);
  return {
    context: {
      ...options.platform,
      log: logOfRequest(options.platform.log, request.id),
      actor: actorOf(caller, request),
      requestId: request.id,
    },
    caller,
    get organizationId() {
      const hasOne = caller.kind === 'user' || caller.kind === 'api_key';
      invariant(hasOne, `${endpoint.operation} has an acting organization`);
      return caller.organizationId;
    },
    params: parsePart(endpoint.params, request.params) as ParamsOf<E>,
    query: parsePart(endpoint.query, request.query) as QueryOf<E>,
    body: parsePart(endpoint.body, request.body ?? {}) as BodyOf<E>,
    request,
    reply,
  };
}

/** What anyone may do, stale or foreign credentials keep nobody from: signing in again, above all. */
async function findCaller(
  options: RoutesOptions,
  { rule, endpoint }: { rule: Rule; endpoint: Endpoint },
  request: FastifyRequest,
): Promise<Caller> {
  try {
    const { method, headers, cookies, ip } = request;
    const organizationId = wantedOrganization(endpoint, request);
    return await options.authenticate({ method, headers, cookies, ip, organizationId });
  } catch (error) {
    if (rule.anyone && error instanceof Refusal) return { kind: 'anonymous' };
    throw error;
  }
}

/** An organization's own endpoints act in the one of their path, all others in the one of the header. */
function wantedOrganization(
  { path }: Endpoint,
  { headers, params }: FastifyRequest,
): string | undefined {
  if (path.startsWith('/api/v1/organizations/{id}')) return (params as { id: string }).id;
  const header = headers['sluice-organization'];
  return header === undefined || header === '' ? undefined : String(header);
}

function parsePart(schema: Endpoint['body'], value: unknown): unknown {
  return schema ? parse(schema, value) : undefined;
}

async function answerOnce<E extends Endpoint>(
  endpoint: E,
  call: Call<E>,
  handle: (call: Call<E>) => Promise<HandlerAnswer<E>>,
): Promise<{ status: number; body: unknown }> {
  const run = async (context: Context) => {
    // The getter of `organizationId` would be lost in a spread: a view of the call with another context keeps it.
    const view = Object.create(call, { context: { value: context } }) as Call<E>;
    const result = await handle(view);
    return {
      status: endpoint.status ?? 200,
      body: endpoint.answer ? endpoint.answer.parse(result) : undefined,
    };
  };
  const key = call.request.headers['idempotency-key'];
  if (!endpoint.idempotent || key === undefined) return run(call.context);

  const { replayed, ...answer } = await underIdempotencyKey(
    call.context,
    {
      scope: scopeOf(call.caller),
      key: String(key),
      operation: endpoint.operation,
      content: [call.params, call.query, call.request.body],
    },
    run,
  );
  if (replayed) call.reply.header('idempotency-replayed', 'true');
  return answer;
}

function scopeOf(caller: Caller): string {
  if (caller.kind === 'anonymous') return 'anonymous';
  if (caller.kind === 'application') return caller.applicationId;
  const who = caller.kind === 'user' ? caller.userId : caller.apiKeyId;
  return `${who}:${caller.organizationId}`;
}

function actorOf(caller: Caller, request: FastifyRequest): Actor {
  const userAgent = request.headers['user-agent']?.slice(0, 300) ?? null;
  const where = { ip: request.ip, userAgent, device: deviceOf(request) };
  if (caller.kind === 'user') {
    return { kind: 'user', id: caller.userId, supportId: caller.supportId, ...where };
  }
  if (caller.kind === 'api_key') return { kind: 'api_key', id: caller.apiKeyId, ...where };
  if (caller.kind === 'application') {
    return { kind: 'application', id: caller.applicationKeyId, ...where };
  }
  return { kind: 'system', id: null, ...where };
}
