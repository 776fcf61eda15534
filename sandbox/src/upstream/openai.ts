/** The OpenAI dialect: chat completions, responses, embeddings and the list of models. Other dialects stand beside this file. */
import { type Exchange, readBody, sendJson } from '../http/exchange.ts';
import type { Route } from '../http/router.ts';
import { deliver, type PreparedAnswer, sendErrorJson } from './delivery.ts';
import {
  BODY_BYTES_MAX,
  bearerGiven,
  beginCall,
  type DialectParts,
  nextId,
  scenarioOf,
  UNKNOWN_MODEL_PREFIX,
} from './dialect.ts';
import { readKeyLabel } from './keys.ts';
import { errorJson, openaiVoice, prepareAnswer } from './openai-answer.ts';
import { prepareEmbeddings, readEmbeddingRequest } from './openai-embeddings.ts';
import {
  type ChatRequest,
  type ErrorAnswer,
  parseBody,
  parseChatRequest,
} from './openai-request.ts';
import { chatOfResponse, prepareResponse } from './openai-responses.ts';
import type { Scenario } from './scenario.ts';

/** Benches send the same few bodies again and again: their answers are prepared once. */
const REMEMBERED_BODY_BYTES_MAX = 8 * 1024;
const REMEMBERED_MAX = 256;

const models = [
  { id: 'gpt-4o-mini', created: 1_721_172_741, owned_by: 'system' },
  { id: 'gpt-4o', created: 1_715_367_049, owned_by: 'system' },
  { id: 'claude-sonnet-4-5', created: 1_759_104_000, owned_by: 'anthropic' },
  { id: 'gemini-2.5-flash', created: 1_750_118_400, owned_by: 'google' },
].map((model) => ({ ...model, object: 'model' }));

interface Plan {
  request: ChatRequest;
  answer: PreparedAnswer;
}

export function openaiRoutes(parts: DialectParts): Route[] {
  const remembered = new Map<string, Plan>();
  return [
    {
      method: 'POST',
      path: '/sandbox/upstream/v1/chat/completions',
      handle: (exchange) => answerChat(parts, remembered, exchange),
    },
    {
      method: 'POST',
      path: '/sandbox/upstream/v1/responses',
      handle: (exchange) => answerOther(parts, exchange, planResponse),
    },
    {
      method: 'POST',
      path: '/sandbox/upstream/v1/embeddings',
      handle: (exchange) => answerOther(parts, exchange, planEmbeddings),
    },
    {
      method: 'GET',
      path: '/sandbox/upstream/v1/models',
      handle(exchange) {
        if (authenticate(parts, exchange) === undefined) return;
        sendJson(exchange.response, 200, { object: 'list', data: models });
      },
    },
    {
      method: 'GET',
      path: '/sandbox/upstream/v1/models/{id}',
      handle(exchange) {
        if (authenticate(parts, exchange) === undefined) return;
        const model = models.find((candidate) => candidate.id === exchange.params.id);
        if (model) return sendJson(exchange.response, 200, model);
        sendError(exchange, unknownModel(exchange.params.id ?? ''));
      },
    },
  ];
}

async function answerChat(
  parts: DialectParts,
  remembered: Map<string, Plan>,
  exchange: Exchange,
): Promise<void> {
  const { request, response } = exchange;
  const body = await readBody(request, BODY_BYTES_MAX);
  const keyLabel = authenticate(parts, exchange);
  if (keyLabel === undefined) return;

  const planned = planOf(remembered, body);
  if ('status' in planned) return sendError(exchange, planned);
  const { request: asked } = planned;
  const bent = scenarioOf(parts, exchange, { keyLabel, own: asked.scenario });
  if ('message' in bent) return sendError(exchange, invalid(bent.message));

  const { scenario } = bent;
  const answer = bent.isBent ? prepareAnswer(asked, scenario) : planned.answer;
  const { promptTokens, completionTokens } = answer;
  const call = beginCall(parts, exchange, {
    ...{ id: nextId('chatcmpl-'), dialect: 'openai', keyLabel },
    ...{ model: asked.model, stream: asked.stream, promptTokens, completionTokens },
  });
  return deliver({ response, call, log: parts.log, scenario, voice: openaiVoice }, answer);
}

/** A call that is planned anew each time; the scenario is the sandbox's last word on it. */
interface Other {
  model: string;
  stream: boolean;
  scenario: Scenario;
  prepare(scenario: Scenario): PreparedAnswer;
}

async function answerOther(
  parts: DialectParts,
  exchange: Exchange,
  plan: (body: Record<string, unknown>) => Other | ErrorAnswer,
): Promise<void> {
  const text = (await readBody(exchange.request, BODY_BYTES_MAX)).toString('utf8');
  const keyLabel = authenticate(parts, exchange);
  if (keyLabel === undefined) return;
  const body = parseBody(text);
  if (!body) return sendError(exchange, invalid('We could not parse the JSON body.'));
  const planned = plan(body);
  if ('status' in planned) return sendError(exchange, planned);
  if (planned.model.startsWith(UNKNOWN_MODEL_PREFIX)) {
    return sendError(exchange, unknownModel(planned.model));
  }
  const bent = scenarioOf(parts, exchange, { keyLabel, own: planned.scenario });
  if ('message' in bent) return sendError(exchange, invalid(bent.message));
  const { scenario } = bent;
  const answer = planned.prepare(scenario);
  const { promptTokens, completionTokens } = answer;
  const call = beginCall(parts, exchange, {
    ...{ id: nextId('resp_'), dialect: 'openai', keyLabel },
    ...{ model: planned.model, stream: planned.stream, promptTokens, completionTokens },
  });
  return deliver(
    { response: exchange.response, call, log: parts.log, scenario, voice: openaiVoice },
    answer,
  );
}

function planResponse(body: Record<string, unknown>): Other | ErrorAnswer {
  const chat = chatOfResponse(body);
  if (!chat) return invalid("Invalid 'input': expected a text or a list of items.");
  const parsed = parseChatRequest(JSON.stringify(chat));
  if (!parsed.ok) return parsed.error;
  const { request } = parsed;
  const { model, stream, scenario } = request;
  return { model, stream, scenario, prepare: (bent) => prepareResponse(body, request, bent) };
}

function planEmbeddings(body: Record<string, unknown>): Other | ErrorAnswer {
  const request = readEmbeddingRequest(body);
  if (!request) return invalid("Invalid 'input': expected a text, texts or tokens.");
  const { model } = request;
  return { model, stream: false, scenario: {}, prepare: () => prepareEmbeddings(request) };
}

/** The label of the caller's key; undefined when the call has been refused for it. */
function authenticate(parts: DialectParts, exchange: Exchange): string | undefined {
  const given = bearerGiven(exchange);
  const label = readKeyLabel(given, parts.key);
  if (label !== undefined) return label;
  const message = given
    ? `Incorrect API key provided: ${given.slice(0, 8)}***.`
    : "You didn't provide an API key. Send it as a bearer token in the Authorization header.";
  sendError(exchange, {
    status: 401,
    message,
    type: 'invalid_request_error',
    param: null,
    code: given ? 'invalid_api_key' : null,
  });
  return undefined;
}

function planOf(remembered: Map<string, Plan>, body: Buffer): Plan | ErrorAnswer {
  const text = body.toString('utf8');
  const known = remembered.get(text);
  if (known) return known;
  const parsed = parseChatRequest(text);
  if (!parsed.ok) return parsed.error;
  const { request } = parsed;
  if (request.model.startsWith(UNKNOWN_MODEL_PREFIX)) return unknownModel(request.model);
  const plan = { request, answer: prepareAnswer(request, request.scenario) };
  if (body.length <= REMEMBERED_BODY_BYTES_MAX) remember(remembered, text, plan);
  return plan;
}

/** Long answers are not kept: a few hundred of them would fill the memory. */
function remember(remembered: Map<string, Plan>, text: string, plan: Plan): void {
  if (plan.answer.tokensThrough.length > 1_000) return;
  const oldest = remembered.keys().next();
  if (remembered.size >= REMEMBERED_MAX && !oldest.done) remembered.delete(oldest.value);
  remembered.set(text, plan);
}

function sendError({ response }: Exchange, error: ErrorAnswer): void {
  const { idHeader } = openaiVoice;
  const { status } = error;
  sendErrorJson(response, { status, json: errorJson(error), id: nextId('req_'), idHeader });
}

function invalid(message: string): ErrorAnswer {
  return { status: 400, message, type: 'invalid_request_error', param: null, code: null };
}

function unknownModel(id: string): ErrorAnswer {
  return {
    status: 404,
    message: `The model \`${id}\` does not exist or you do not have access to it.`,
    type: 'invalid_request_error',
    param: null,
    code: 'model_not_found',
  };
}
