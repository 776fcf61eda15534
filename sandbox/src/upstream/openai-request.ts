/** Reads a chat completion request as OpenAI would, refusing what it refuses. Pure. */
import { isRecord } from '../http/exchange.ts';
import { parseScenario, type Scenario } from './scenario.ts';
import { countTokens } from './tokens.ts';

export interface ChatRequest {
  /** Without the scenario that may hang on it. */
  model: string;
  stream: boolean;
  includeUsage: boolean;
  choices: number;
  tokensMax: number | undefined;
  promptTokens: number;
  /** The last user message: what the answer depends on. */
  prompt: string;
  /** The first function that it may call. */
  tool: { name: string; schema: unknown } | undefined;
  /** Of the JSON that it wants as an answer. */
  schema: unknown;
  serviceTier: 'flex' | 'priority' | undefined;
  /** What the prompt and the model's name ask of the sandbox. */
  scenario: Scenario;
}

export interface ErrorAnswer {
  status: number;
  message: string;
  type: string;
  param: string | null;
  code: string | null;
}

export type ChatRequestParse =
  | { ok: true; request: ChatRequest }
  | { ok: false; error: ErrorAnswer };

const CHOICES_MAX = 128;
/** An image costs as many tokens as a small one in low detail. */
const IMAGE_TOKENS = 85;

export function parseChatRequest(text: string): ChatRequestParse {
  const body = parseBody(text);
  if (!body) return invalid('We could not parse the JSON body of your request.', null);
  if (typeof body.model !== 'string' || body.model === '') {
    return invalid('you must provide a model parameter', 'model');
  }
  if (!Array.isArray(body.messages) || body.messages.length === 0) {
    return invalid("Invalid 'messages': expected a non-empty array.", 'messages');
  }
  const stream = body.stream === true;
  if (isRecord(body.stream_options) && !stream) {
    return invalid(
      "The 'stream_options' parameter is only allowed when 'stream' is enabled.",
      'stream_options',
    );
  }
  const counts = readCounts(body);
  if ('param' in counts) return invalid(`Invalid '${counts.param}': out of range.`, counts.param);
  return readScenario(body.model, body.messages, (model, prompt, scenario) => ({
    model,
    stream,
    includeUsage: isRecord(body.stream_options) && body.stream_options.include_usage === true,
    ...counts,
    promptTokens: countPrompt(body),
    prompt,
    tool: readTool(body.tools),
    schema: readSchema(body.response_format),
    serviceTier: readTier(body.service_tier),
    scenario,
  }));
}

function readTool(tools: unknown): ChatRequest['tool'] {
  const functions = Array.isArray(tools) ? tools.filter(isRecord).map((tool) => tool.function) : [];
  const found = functions.find((one) => isRecord(one) && typeof one.name === 'string');
  return isRecord(found) ? { name: String(found.name), schema: found.parameters } : undefined;
}

function readSchema(format: unknown): unknown {
  if (!isRecord(format)) return undefined;
  if (format.type === 'json_object') return {};
  return isRecord(format.json_schema) ? format.json_schema.schema : undefined;
}

function readTier(tier: unknown): ChatRequest['serviceTier'] {
  return tier === 'flex' || tier === 'priority' ? tier : undefined;
}

export function parseBody(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function readCounts(
  body: Record<string, unknown>,
): { choices: number; tokensMax: number | undefined } | { param: string } {
  const choices = body.n ?? 1;
  if (!isCount(choices, CHOICES_MAX)) return { param: 'n' };
  let tokensMax: number | undefined;
  for (const param of ['max_tokens', 'max_completion_tokens']) {
    const value = body[param] ?? undefined;
    if (value === undefined) continue;
    if (!isCount(value, Number.MAX_SAFE_INTEGER)) return { param };
    tokensMax = Math.min(tokensMax ?? value, value);
  }
  return { choices, tokensMax };
}

function isCount(value: unknown, max: number): value is number {
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= max;
}

/** `name+slow=1s+tokens=5` as a model, and `[[sandbox: …]]` in the last user message; the model's name wins. */
function readScenario(
  named: string,
  messages: unknown[],
  build: (model: string, prompt: string, scenario: Scenario) => ChatRequest,
): ChatRequestParse {
  const [model = '', ...words] = named.split('+');
  const prompt = lastUserText(messages);
  const directive = /\[\[sandbox:([^\]]*)\]\]/.exec(prompt)?.[1] ?? '';
  const parsed = parseScenario(`${directive},${words.join(',')}`);
  if (!parsed.ok) return invalid(parsed.message, 'messages');
  return { ok: true, request: build(model, prompt, parsed.scenario) };
}

function lastUserText(messages: unknown[]): string {
  const last = messages.findLast((message) => isRecord(message) && message.role === 'user');
  return isRecord(last) ? textOf(last.content) : '';
}

function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .map((part) => (isRecord(part) && typeof part.text === 'string' ? part.text : ''))
    .join('');
}

/** All texts together, rounded up once; tools by the length of their JSON. */
function countPrompt(body: Record<string, unknown>): number {
  const messages = body.messages as unknown[];
  let bytes = body.tools === undefined ? 0 : Buffer.byteLength(JSON.stringify(body.tools));
  let images = 0;
  for (const message of messages) {
    if (!isRecord(message)) continue;
    bytes += Buffer.byteLength(textOf(message.content));
    if (Array.isArray(message.content)) {
      images += message.content.filter(
        (part) => isRecord(part) && part.type === 'image_url',
      ).length;
    }
  }
  return countTokens(bytes) + images * IMAGE_TOKENS;
}

function invalid(message: string, param: string | null): ChatRequestParse {
  return {
    ok: false,
    error: { status: 400, message, type: 'invalid_request_error', param, code: null },
  };
}
