/** Gemini's dialect: content at once and streamed, counts of tokens, and the models. */
import { type Exchange, readBody, sendJson } from '../http/exchange.ts';
import type { Route } from '../http/router.ts';
import { deliver, type PreparedAnswer, sendErrorJson } from './delivery.ts';
import {
  BODY_BYTES_MAX,
  beginCall,
  type DialectParts,
  headerOf,
  nextId,
  scenarioOf,
  UNKNOWN_MODEL_PREFIX,
} from './dialect.ts';
import {
  type GeminiForm,
  geminiErrorJson,
  geminiVoice,
  prepareGeminiAnswer,
} from './gemini-answer.ts';
import {
  countAsked,
  type GeminiError,
  type GeminiRequest,
  parseGeminiRequest,
} from './gemini-request.ts';
import { readKeyLabel } from './keys.ts';

/** Benches send the same few bodies again and again: their answers are prepared once. */
const REMEMBERED_BODY_BYTES_MAX = 8 * 1024;
const REMEMBERED_MAX = 256;

const models = ['gemini-2.5-flash', 'gemini-2.5-pro'].map((id) => ({
  name: `models/${id}`,
  version: '001',
  displayName: id,
  inputTokenLimit: 1_048_576,
  outputTokenLimit: 65_536,
  supportedGenerationMethods: ['generateContent', 'countTokens'],
}));

interface Plan {
  request: GeminiRequest;
  answer: PreparedAnswer;
}

export function geminiRoutes(parts: DialectParts): Route[] {
  const remembered = new Map<string, Plan>();
  const path = '/sandbox/upstream/gemini/v1beta/models';
  return [
    {
      method: 'POST',
      path: `${path}/{method}`,
      handle: (exchange) => answerMethod(parts, remembered, exchange),
    },
    {
      method: 'GET',
      path,
      handle(exchange) {
        if (authenticate(parts, exchange) === undefined) return;
        sendJson(exchange.response, 200, { models });
      },
    },
    {
      method: 'GET',
      path: `${path}/{id}`,
      handle(exchange) {
        if (authenticate(parts, exchange) === undefined) return;
        const { id = '' } = exchange.params;
        const model = models.find(({ name }) => name === `models/${id}`);
        if (model) return sendJson(exchange.response, 200, model);
        sendError(exchange, unknownModel(id));
      },
    },
  ];
}

async function answerMethod(
  parts: DialectParts,
  remembered: Map<string, Plan>,
  exchange: Exchange,
): Promise<void> {
  const body = (await readBody(exchange.request, BODY_BYTES_MAX)).toString('utf8');
  const keyLabel = authenticate(parts, exchange);
  if (keyLabel === undefined) return;
  const { method: asked = '' } = exchange.params;
  const colon = asked.lastIndexOf(':');
  const [model, method] = [asked.slice(0, colon), asked.slice(colon + 1)];
  if (model.startsWith(UNKNOWN_MODEL_PREFIX)) return sendError(exchange, unknownModel(model));
  if (method === 'countTokens') {
    answerCount(exchange, body);
    return;
  }
  const form = formOf(method, exchange.query);
  if (form === undefined) return sendError(exchange, { status: 404, message: `No ${method}.` });
  return answerContent(parts, remembered, exchange, { model, body, form, keyLabel });
}

function formOf(method: string, query: URLSearchParams): GeminiForm | undefined {
  if (method === 'generateContent') return 'document';
  if (method !== 'streamGenerateContent') return undefined;
  return query.get('alt') === 'sse' ? 'events' : 'list';
}

function answerCount(exchange: Exchange, body: string): void {
  const counted = countAsked(body);
  if ('status' in counted) {
    sendError(exchange, counted);
    return;
  }
  const { promptTokens: tokenCount } = counted;
  sendJson(exchange.response, 200, {
    totalTokens: tokenCount,
    promptTokensDetails: [{ modality: 'TEXT', tokenCount }],
  });
}

async function answerContent(
  parts: DialectParts,
  remembered: Map<string, Plan>,
  exchange: Exchange,
  asked: { model: string; body: string; form: GeminiForm; keyLabel: string },
): Promise<void> {
  const { keyLabel, form } = asked;
  const planned = planOf(remembered, asked);
  if ('status' in planned) return sendError(exchange, planned);
  const { request } = planned;
  const bent = scenarioOf(parts, exchange, { keyLabel, own: request.scenario });
  if ('message' in bent) return sendError(exchange, { status: 400, message: bent.message });

  const { scenario, isBent } = bent;
  const answer = isBent ? prepareGeminiAnswer(request, scenario, form) : planned.answer;
  const call = beginCall(parts, exchange, {
    id: nextId('gem-'),
    dialect: 'gemini',
    keyLabel,
    model: request.model,
    stream: form === 'events',
    promptTokens: answer.promptTokens,
    completionTokens: answer.completionTokens,
  });
  const { response } = exchange;
  return deliver({ response, call, log: parts.log, scenario, voice: geminiVoice }, answer);
}

/** The label of the caller's key; undefined when the call has been refused for it. */
function authenticate(parts: DialectParts, exchange: Exchange): string | undefined {
  const given = headerOf(exchange, 'x-goog-api-key') ?? exchange.query.get('key') ?? undefined;
  const label = readKeyLabel(given, parts.key);
  if (label !== undefined) return label;
  sendError(
    exchange,
    given === undefined
      ? { status: 403, message: "Method doesn't allow unregistered callers." }
      : { status: 400, message: 'API key not valid. Please pass a valid API key.' },
  );
  return undefined;
}

function planOf(
  remembered: Map<string, Plan>,
  { model, body, form }: { model: string; body: string; form: GeminiForm },
): Plan | GeminiError {
  const key = `${form} ${model} ${body}`;
  const known = remembered.get(key);
  if (known) return known;
  const parsed = parseGeminiRequest(model, body);
  if (!parsed.ok) return parsed.error;
  const { request } = parsed;
  const plan = { request, answer: prepareGeminiAnswer(request, request.scenario, form) };
  if (key.length <= REMEMBERED_BODY_BYTES_MAX) remember(remembered, key, plan);
  return plan;
}

/** Long answers are not kept: a few hundred of them would fill the memory. */
function remember(remembered: Map<string, Plan>, key: string, plan: Plan): void {
  if (plan.answer.tokensThrough.length > 1_000) return;
  const oldest = remembered.keys().next();
  if (remembered.size >= REMEMBERED_MAX && !oldest.done) remembered.delete(oldest.value);
  remembered.set(key, plan);
}

function unknownModel(id: string): GeminiError {
  const message = `models/${id} is not found for API version v1beta, or is not supported for generateContent.`;
  return { status: 404, message };
}

function sendError({ response }: Exchange, error: GeminiError): void {
  sendErrorJson(response, {
    status: error.status,
    json: geminiErrorJson(error),
    id: nextId('gem-'),
    idHeader: geminiVoice.idHeader,
  });
}
