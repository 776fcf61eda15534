/** The addresses of calls, in every dialect. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { CallRefusal } from './core/call-refusal.ts';
import { type Described, describeModel, describeModels } from './core/model-lists.ts';
import { malformed, modelNotFound, refusals, unknownPath } from './core/refusals.ts';
import { callPaths, dialectOf, routeOf, speechOf } from './core/surfaces.ts';
import type { Gateway } from './gateway.ts';
import { findKey, mayCall } from './operations/admit-call.ts';
import { relayCall } from './operations/relay-call.ts';
import { Refused } from './refused.ts';
import { sendAnswer, sendRefusal } from './reply.ts';

export function registerCalls(app: FastifyInstance, gateway: Gateway): void {
  for (const prefix of ['/v1', '/v1beta']) {
    app.register(
      async (scope) => {
        prepare(scope);
        const isIn = (path: string) => path.startsWith(`${prefix}/`);
        for (const path of callPaths.filter(isIn)) {
          scope.post(path.slice(prefix.length), (request, reply) => relay(gateway, request, reply));
        }
        // Google's dialect names the model in the path, and behind a colon what is asked of it.
        scope.post('/models/*', (request, reply) => relay(gateway, request, reply));
        scope.get('/models', (request, reply) => answerModels(gateway, request, reply));
        scope.get('/models/*', (request, reply) => answerModels(gateway, request, reply));
      },
      { prefix },
    );
  }
}

/** Bodies are read by the relay, as bytes, once the key is known; whatever fails is said in the dialect of its path. */
function prepare(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', (_request, _payload, done) => done(null, undefined));
  scope.setNotFoundHandler((request, reply) => {
    reply.hijack();
    refuse(request, reply, unknownPath(request.method, pathOf(request)));
  });
  scope.setErrorHandler((error, request, reply) => {
    reply.hijack();
    request.log.warn({ err: error }, 'a request to the gateway could not be read');
    const refusal = malformed('The request could not be read: check its headers.');
    refuse(request, reply, refusal);
  });
}

async function relay(
  gateway: Gateway,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  reply.hijack();
  const path = pathOf(request);
  const found = routeOf(path, request.query as Query);
  if (found === undefined) {
    return refuse(request, reply, unknownPath(request.method, path));
  }
  if ('refusal' in found) return refuse(request, reply, found.refusal);
  await relayCall(gateway, {
    requestId: request.id,
    request: request.raw,
    response: reply.raw,
    ip: request.ip,
    route: found,
  });
}

type Query = Record<string, string | string[] | undefined>;

async function answerModels(
  gateway: Gateway,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  reply.hijack();
  try {
    const key = await findKey(gateway, { headers: request.headers, ip: request.ip });
    const { models } = await gateway.terms.termsOf(key.organizationId);
    const served = gateway.channels.models();
    const offered = gateway.prices
      .models(gateway.platform.clocks.business())
      .filter(
        ({ model: name }) => served.has(name) && mayCall(gateway, { key, ofPlan: models }, name),
      );
    const dialect = dialectOf(pathOf(request), request.headers);
    const { '*': name } = request.params as { '*'?: string };
    if (name === undefined) return answer(reply, describeModels(dialect, offered));
    const found = offered.find((price) => price.model === name);
    if (found === undefined) throw new Refused(modelNotFound(name));
    answer(reply, describeModel(dialect, found));
  } catch (error) {
    if (!(error instanceof Refused)) request.log.error({ err: error }, 'a request failed');
    const refusal = error instanceof Refused ? error.refusal : refusals.internal;
    refuse(request, reply, refusal);
  }
}

function answer(reply: FastifyReply, body: Described): void {
  const contentType = 'application/json';
  const { id: requestId } = reply.request;
  sendAnswer(reply.raw, requestId, { status: 200, contentType, body: JSON.stringify(body) });
}

function refuse(request: FastifyRequest, reply: FastifyReply, refusal: CallRefusal): void {
  const speech = speechOf(dialectOf(pathOf(request), request.headers));
  sendRefusal(reply.raw, { requestId: request.id, speech, refusal });
}

function pathOf({ url }: FastifyRequest): string {
  const [path = ''] = url.split('?');
  return path;
}
