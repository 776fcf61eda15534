/** The addresses of the OpenAI dialect. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { newId } from '../../platform/ids.ts';
import type { ModelPrice } from '../catalog/index.ts';
import {
  malformed,
  modelNotFound,
  type OpenAiRefusal,
  refusals,
  unknownPath,
} from './core/openai-error.ts';
import type { Gateway } from './gateway.ts';
import { findKey, mayCall } from './operations/admit-call.ts';
import { relayChat } from './operations/relay-chat.ts';
import { Refused } from './refused.ts';
import { sendAnswer, sendRefusal } from './reply.ts';

export function registerOpenAi(app: FastifyInstance, gateway: Gateway): void {
  app.register(
    async (scope) => {
      // Bodies are read by the relay, as bytes, once the key is known.
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser('*', (_request, _payload, done) => done(null, undefined));
      scope.post('/chat/completions', async (request, reply) => {
        reply.hijack();
        await relayChat(gateway, {
          request: request.raw,
          response: reply.raw,
          ip: request.ip,
        });
      });
      scope.get('/models', (request, reply) => {
        reply.hijack();
        return answerModels(gateway, request, reply.raw, undefined);
      });
      scope.get('/models/*', (request, reply) => {
        reply.hijack();
        const { '*': model } = request.params as { '*': string };
        return answerModels(gateway, request, reply.raw, model);
      });
      scope.setNotFoundHandler((request, reply) => {
        reply.hijack();
        const [path = ''] = request.url.split('?');
        refuse(gateway, reply.raw, unknownPath(request.method, path));
      });
      scope.setErrorHandler((error, request, reply) => {
        reply.hijack();
        request.log.warn({ err: error }, 'a request to the gateway could not be read');
        refuse(gateway, reply.raw, malformed('The request could not be read: check its headers.'));
      });
    },
    { prefix: '/v1' },
  );
}

type Response = Parameters<typeof sendRefusal>[0];

async function answerModels(
  gateway: Gateway,
  request: FastifyRequest,
  response: Response,
  model: string | undefined,
): Promise<void> {
  try {
    const key = await findKey(gateway, { headers: request.headers, ip: request.ip });
    const { models } = await gateway.terms.termsOf(key.organizationId);
    const served = gateway.channels.models();
    const offered = gateway.prices
      .models(gateway.platform.clocks.business())
      .filter((price) => served.has(price.model) && mayCall(key, price.model, models));
    if (model === undefined) {
      return answer(gateway, response, { object: 'list', data: offered.map(describe) });
    }
    const found = offered.find((price) => price.model === model);
    if (found === undefined) throw new Refused(modelNotFound(model));
    answer(gateway, response, describe(found));
  } catch (error) {
    if (!(error instanceof Refused)) request.log.error({ err: error }, 'a request failed');
    refuse(gateway, response, error instanceof Refused ? error.refusal : refusals.internal);
  }
}

/** https://platform.openai.com/docs/api-reference/models/object */
function describe(price: ModelPrice) {
  return {
    id: price.model,
    object: 'model',
    created: Math.floor(price.effectiveFrom.getTime() / 1000),
    owned_by: 'sluice',
  };
}

function answer(gateway: Gateway, response: Response, body: object): void {
  const contentType = 'application/json';
  const requestId = newRequestId(gateway);
  sendAnswer(response, requestId, { status: 200, contentType, body: JSON.stringify(body) });
}

function refuse(gateway: Gateway, response: Response, refusal: OpenAiRefusal): void {
  sendRefusal(response, newRequestId(gateway), refusal);
}

function newRequestId({ platform }: Gateway): string {
  return newId('req', platform.clocks.business());
}
