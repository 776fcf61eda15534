/** The Anthropic dialect: messages, counting their tokens, and the list of models. */
import { type Exchange, readBody, sendJson } from '../http/exchange.ts';
import type { Route } from '../http/router.ts';
import { prepareMessage } from './anthropic-answer.ts';
import { anthropicVoice, type ErrorWords, errorBody } from './anthropic-error.ts';
import { type MessageRequest, parseMessageRequest } from './anthropic-request.ts';
import { deliver, sendErrorJson } from './delivery.ts';
import {
  BODY_BYTES_MAX,
  bearerGiven,
  beginCall,
  type DialectParts,
  headerOf,
  nextId,
  scenarioOf,
  UNKNOWN_MODEL_PREFIX,
} from './dialect.ts';
import { readKeyLabel } from './keys.ts';
import { createPromptCache, type PromptCache } from './prompt-cache.ts';

const ROOT = '/sandbox/upstream/anthropic/v1';

const models = [
  ['claude-opus-4-5', 'Claude Opus 4.5', '2025-11-24T00:00:00Z'],
  ['claude-haiku-4-5', 'Claude Haiku 4.5', '2025-10-15T00:00:00Z'],
  ['claude-sonnet-4-5', 'Claude Sonnet 4.5', '2025-09-29T00:00:00Z'],
].map(([id, display_name, created_at]) => ({ type: 'model', id, display_name, created_at }));

export function anthropicRoutes(parts: DialectParts): Route[] {
  const cache = createPromptCache();
  return [
    {
      method: 'POST',
      path: `${ROOT}/messages`,
      handle: (exchange) => answerMessage(parts, cache, exchange),
    },
    {
      method: 'POST',
      path: `${ROOT}/messages/count_tokens`,
      handle: (exchange) => answerCount(parts, exchange),
    },
    {
      method: 'GET',
      path: `${ROOT}/models`,
      handle(exchange) {
        if (authenticate(parts, exchange) === undefined) return;
        const [first, last] = [models[0], models.at(-1)];
        const page = { has_more: false, first_id: first?.id ?? null, last_id: last?.id ?? null };
        sendJson(exchange.response, 200, { data: models, ...page });
      },
    },
    {
      method: 'GET',
      path: `${ROOT}/models/{id}`,
      handle(exchange) {
        if (authenticate(parts, exchange) === undefined) return;
        const id = exchange.params.id ?? '';
        const model = models.find((candidate) => candidate.id === id);
        if (model) return sendJson(exchange.response, 200, model);
        sendError(exchange, unknownModel(id));
      },
    },
  ];
}

async function answerMessage(
  parts: DialectParts,
  cache: PromptCache,
  exchange: Exchange,
): Promise<void> {
  const asked = await readAsked(parts, exchange, { needsLimit: true });
  if (asked === undefined) return;
  const { request, keyLabel } = asked;
  const bent = scenarioOf(parts, exchange, { keyLabel, own: request.scenario });
  if ('message' in bent) return sendError(exchange, invalid(bent.message));

  const { scenario } = bent;
  const isServed = scenario.status === undefined && !scenario.hang;
  const figures = cache.use(keyLabel, isServed ? request.prompt.cached : undefined);
  const answer = prepareMessage(request, scenario, figures);
  const { promptTokens, completionTokens } = answer;
  const call = beginCall(parts, exchange, {
    ...{ id: nextId('msg_'), dialect: 'anthropic', keyLabel },
    ...{ model: request.model, stream: request.stream, promptTokens, completionTokens },
  });
  const { response } = exchange;
  return deliver({ response, call, log: parts.log, scenario, voice: anthropicVoice }, answer);
}

async function answerCount(parts: DialectParts, exchange: Exchange): Promise<void> {
  const asked = await readAsked(parts, exchange, { needsLimit: false });
  if (asked === undefined) return;
  sendJson(exchange.response, 200, { input_tokens: asked.request.prompt.tokens });
}

/** What was asked, and by whom; undefined when the call has been refused. */
async function readAsked(
  parts: DialectParts,
  exchange: Exchange,
  options: { needsLimit: boolean },
): Promise<{ request: MessageRequest; keyLabel: string } | undefined> {
  const body = await readBody(exchange.request, BODY_BYTES_MAX);
  const keyLabel = authenticate(parts, exchange);
  if (keyLabel === undefined) return undefined;
  const request = parseMessageRequest(body.toString('utf8'), options);
  if ('message' in request) {
    sendError(exchange, invalid(request.message));
  } else if (request.model.startsWith(UNKNOWN_MODEL_PREFIX)) {
    sendError(exchange, unknownModel(request.model));
  } else {
    return { request, keyLabel };
  }
  return undefined;
}

/** The label of the caller's key; undefined when the call has been refused for it, or for naming no version. */
function authenticate(parts: DialectParts, exchange: Exchange): string | undefined {
  const given = headerOf(exchange, 'x-api-key') ?? bearerGiven(exchange);
  const label = readKeyLabel(given, parts.key);
  if (label === undefined) {
    const message = given ? 'invalid x-api-key' : 'x-api-key header is required';
    sendError(exchange, { status: 401, type: 'authentication_error', message });
    return undefined;
  }
  if (headerOf(exchange, 'anthropic-version') !== undefined) return label;
  sendError(exchange, invalid('anthropic-version: header is required'));
  return undefined;
}

function sendError({ response }: Exchange, error: ErrorWords & { status: number }): void {
  const id = nextId('req_');
  const { idHeader } = anthropicVoice;
  sendErrorJson(response, { status: error.status, json: errorBody(error, id), id, idHeader });
}

function invalid(message: string) {
  return { status: 400, type: 'invalid_request_error', message };
}

function unknownModel(id: string) {
  return { status: 404, type: 'not_found_error', message: `model: ${id}` };
}
