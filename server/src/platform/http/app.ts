/** The HTTP server before any domain is on it: limits, request ids, security headers, health, errors. */
import cookie from '@fastify/cookie';
import Fastify, { type FastifyInstance, LogController } from 'fastify';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import { Refusal } from '../errors.ts';
import { newId } from '../ids.ts';
import { logOfRequest } from '../log.ts';
import type { Clocks } from '../time.ts';
import { answerError } from './errors.ts';
import { endIdleConnections } from './idle-connections.ts';

/** Largest body of the API; the gateway sets its own. */
const bodyBytesMax = 256 * 1024;
const requestTimeoutMs = 60_000;
const keepAliveTimeoutMs = 72_000;

/** What a page may do, and whose pages may show it within their own. */
export function contentSecurityPolicy(ancestors: readonly string[] = []): string {
  return [
    "default-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    `frame-ancestors ${ancestors.length === 0 ? "'none'" : ancestors.join(' ')}`,
    "form-action 'self'",
  ].join('; ');
}

const ownPolicy = contentSecurityPolicy();

export interface HttpAppOptions {
  config: Config;
  clocks: Clocks;
  log: Logger;
}

export async function createHttpApp({
  config,
  clocks,
  log,
}: HttpAppOptions): Promise<FastifyInstance> {
  const app = Fastify({
    loggerInstance: log,
    childLoggerFactory: (logger, bindings) => logOfRequest(logger, String(bindings.reqId)),
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: bodyBytesMax,
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: keepAliveTimeoutMs,
    trustProxy: config.trustedProxies.length > 0 ? config.trustedProxies : false,
    genReqId: () => newId('req', clocks.business()),
    routerOptions: { maxParamLength: 300, ignoreTrailingSlash: true },
    return503OnClosing: true,
  }) as unknown as FastifyInstance;

  endIdleConnections(app);
  await app.register(cookie);
  app.setErrorHandler(answerError);
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
    reply.header('x-content-type-options', 'nosniff');
    reply.header('referrer-policy', 'same-origin');
    reply.header('content-security-policy', ownPolicy);
    if (config.publicUrl.startsWith('https:')) {
      reply.header('strict-transport-security', 'max-age=31536000');
    }
  });
  app.addHook('onResponse', async ({ log: ofRequest, method, routeOptions }, reply) => {
    // Of a path only its pattern: what it names may be a secret. Calls of the gateway tell of themselves.
    const { url: route } = routeOptions;
    if (!route?.startsWith('/api/')) return;
    const { statusCode: status, elapsedTime } = reply;
    ofRequest.debug(
      { method, route, status, latencyMs: Math.round(elapsedTime) },
      'a request ended',
    );
  });
  // An empty body with a JSON content type is what many clients send on a POST without fields.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, text, done) => {
    if (text === '') return done(null, undefined);
    try {
      done(null, parseBody(String(text)));
    } catch {
      done(
        new Refusal('malformed', 'The body is no valid JSON: check it and send it again.'),
        undefined,
      );
    }
  });
  return app;
}

/** A reviver costs several times the parsing: only a text that may name the prototype gets one. */
function parseBody(text: string): unknown {
  const isSuspect = text.includes('__proto__') || text.includes('\\u');
  return isSuspect ? JSON.parse(text, refusePrototype) : JSON.parse(text);
}

function refusePrototype(key: string, value: unknown): unknown {
  if (key === '__proto__') throw new SyntaxError('"__proto__" is no field');
  return value;
}
