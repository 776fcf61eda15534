/** The OpenAI dialect: chat completions and the list of models. Other dialects stand beside this file. */
import { randomBytes } from 'node:crypto';
import { type Exchange, readBody, sendJson } from '../http/exchange.ts';
import type { Route } from '../http/router.ts';
import type { CallLog } from './call-log.ts';
import { deliver, sendError } from './delivery.ts';
import { bearerOf, readKeyLabel } from './keys.ts';
import { type PreparedAnswer, prepareAnswer } from './openai-answer.ts';
import { type ChatRequest, type ErrorAnswer, parseChatRequest } from './openai-request.ts';
import { parseScenario, type Scenario } from './scenario.ts';
import type { ScenarioBoard } from './scenario-board.ts';

const BODY_BYTES_MAX = 64 * 1024 * 1024;
/** Benches send the same few bodies again and again: their answers are prepared once. */
const REMEMBERED_BODY_BYTES_MAX = 8 * 1024;
const REMEMBERED_MAX = 256;
/** A name that begins like this is a model that nobody serves. */
const UNKNOWN_MODEL_PREFIX = 'no-such-';

const models = [
  { id: 'gpt-4o-mini', created: 1_721_172_741, owned_by: 'system' },
  { id: 'gpt-4o', created: 1_715_367_049, owned_by: 'system' },
  { id: 'claude-sonnet-4-5', created: 1_759_104_000, owned_by: 'anthropic' },
  { id: 'gemini-2.5-flash', created: 1_750_118_400, owned_by: 'google' },
].map((model) => ({ ...model, object: 'model' }));

export interface DialectParts {
  key: string;
  log: CallLog;
  board: ScenarioBoard;
}

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
        sendError(exchange.response, nextId('req_'), unknownModel(exchange.params.id ?? ''));
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
  if ('status' in planned) return sendError(response, nextId('req_'), planned);
  const posted = parts.board.takeFor(keyLabel);
  const header = readHeader(request.headers['x-sandbox-scenario']);
  if ('status' in header) return sendError(response, nextId('req_'), header);

  const scenario = { ...posted, ...planned.request.scenario, ...header.scenario };
  const isBent = posted !== undefined || request.headers['x-sandbox-scenario'] !== undefined;
  const answer = isBent ? prepareAnswer(planned.request, scenario) : planned.answer;
  const call = parts.log.begin({
    id: nextId('chatcmpl-'),
    clientRequestId: first(request.headers['x-request-id']) ?? null,
    dialect: 'openai',
    keyLabel,
    model: planned.request.model,
    stream: planned.request.stream,
    status: 200,
    promptTokens: answer.promptTokens,
    completionTokens: answer.completionTokens,
    tokensSent: 0,
    outcome: 'running',
    startedAt: Date.now(),
    endedAt: null,
  });
  return deliver({ response, call, log: parts.log, scenario }, answer);
}

/** The label of the caller's key; undefined when the call has been refused for it. */
function authenticate(parts: DialectParts, { request, response }: Exchange): string | undefined {
  const given = bearerOf(request.headers.authorization);
  const label = readKeyLabel(given, parts.key);
  if (label !== undefined) return label;
  const message = given
    ? `Incorrect API key provided: ${given.slice(0, 8)}***.`
    : "You didn't provide an API key. Send it as a bearer token in the Authorization header.";
  sendError(response, nextId('req_'), {
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
  if (plan.answer.rests.length > 1_000) return;
  const oldest = remembered.keys().next();
  if (remembered.size >= REMEMBERED_MAX && !oldest.done) remembered.delete(oldest.value);
  remembered.set(text, plan);
}

function readHeader(header: string | string[] | undefined): { scenario: Scenario } | ErrorAnswer {
  const parsed = parseScenario(first(header) ?? '');
  if (parsed.ok) return { scenario: parsed.scenario };
  const type = 'invalid_request_error';
  return { status: 400, message: parsed.message, type, param: null, code: null };
}

function first(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
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

const processPart = randomBytes(8).toString('hex');
let idsGiven = 0;

/** Unique without drawing random bytes for every call. */
function nextId(prefix: string): string {
  idsGiven += 1;
  return `${prefix}${processPart}${idsGiven.toString(36).padStart(8, '0')}`;
}
