/** Reads a call of Gemini as Google would, refusing what it refuses. Pure. */
import { isRecord } from '../http/exchange.ts';
import { parseScenario, type Scenario } from './scenario.ts';
import { countTokens } from './tokens.ts';

export interface GeminiRequest {
  /** Without the scenario that may hang on it. */
  model: string;
  choices: number;
  tokensMax: number | undefined;
  promptTokens: number;
  imageTokens: number;
  /** The last text of the user: what the answer depends on. */
  prompt: string;
  /** Whether thoughts belong into the answer. */
  showsThoughts: boolean;
  /** The function to call, where one is wanted and none has just been answered. */
  calls: { name: string; schema: unknown; isForced: boolean } | undefined;
  maySearch: boolean;
  /** As it is asked to be served, which it then is. */
  serviceTier: string | undefined;
  /** What the answer's JSON must look like. */
  schema: unknown;
  /** What the prompt and the model's name ask of the sandbox. */
  scenario: Scenario;
}

export interface GeminiError {
  status: number;
  message: string;
}

export type GeminiRequestParse =
  | { ok: true; request: GeminiRequest }
  | { ok: false; error: GeminiError };

const CHOICES_MAX = 8;
/** One tile. */
const IMAGE_TOKENS = 258;

const FIELDS = [
  ...['contents', 'systemInstruction', 'tools', 'toolConfig', 'safetySettings', 'labels', 'store'],
  ...['generationConfig', 'cachedContent', 'serviceTier', 'model'],
];

type Json = Record<string, unknown>;

export function parseGeminiRequest(named: string, text: string): GeminiRequestParse {
  const body = camelCased(parseBody(text));
  if (body === undefined) return invalid('Invalid JSON payload received. Unexpected token.');
  const unknown = Object.keys(body).find((name) => !FIELDS.includes(name));
  if (unknown !== undefined) {
    return invalid(`Invalid JSON payload received. Unknown name "${unknown}": Cannot find field.`);
  }
  const contents = objectsOf(body.contents);
  if (contents.length === 0) {
    return invalid('* GenerateContentRequest.contents: contents is not specified');
  }
  const config = camelCased(body.generationConfig) ?? {};
  const counts = readCounts(config);
  if ('message' in counts) return invalid(counts.message);
  const [model = '', ...words] = named.split('+');
  const prompt = contents.filter(isOfUser).map(textOf).filter(Boolean).at(-1) ?? '';
  const directive = /\[\[sandbox:([^\]]*)\]\]/.exec(prompt)?.[1] ?? '';
  const parsed = parseScenario(`${directive},${words.join(',')}`);
  if (!parsed.ok) return invalid(parsed.message);

  const tools = objectsOf(body.tools);
  const request = {
    ...{ model, prompt, scenario: parsed.scenario },
    ...counts,
    ...countPrompt(body, contents),
    showsThoughts: camelCased(config.thinkingConfig)?.includeThoughts === true,
    calls: readFunction(body, tools, contents),
    serviceTier: typeof body.serviceTier === 'string' ? body.serviceTier : undefined,
    maySearch: tools.some((tool) => isRecord(tool.googleSearch)),
    schema:
      config.responseMimeType === 'application/json'
        ? (config.responseSchema ?? config.responseJsonSchema ?? {})
        : undefined,
  };
  return { ok: true, request };
}

/** What a count of tokens is asked for: contents, or a whole call. */
export function countAsked(text: string): { promptTokens: number } | GeminiError {
  const body = camelCased(parseBody(text));
  const asked = camelCased(body?.generateContentRequest) ?? body;
  if (asked === undefined) return { status: 400, message: 'Invalid JSON payload received.' };
  const contents = objectsOf(asked.contents);
  if (contents.length === 0) return { status: 400, message: '* contents is not specified' };
  return countPrompt(asked, contents);
}

function parseBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** An object with its own fields in one spelling; Google's parser takes either. */
function camelCased(value: unknown): Json | undefined {
  if (!isRecord(value)) return undefined;
  const camel = (name: string) => name.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]) =>
      inner === null ? [] : [[camel(name), inner]],
    ),
  );
}

function listOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  return value === undefined ? [] : [value];
}

/** The objects of a list, or the one in its place. */
function objectsOf(value: unknown): Json[] {
  return listOf(value)
    .map(camelCased)
    .filter((object) => object !== undefined);
}

function readCounts(
  config: Json,
): { choices: number; tokensMax: number | undefined } | { message: string } {
  const { candidateCount: choices = 1, maxOutputTokens: tokensMax } = config;
  if (!isCount(choices, CHOICES_MAX)) {
    return { message: `The candidateCount must be from 1 to ${CHOICES_MAX}.` };
  }
  if (tokensMax !== undefined && !isCount(tokensMax, Number.MAX_SAFE_INTEGER)) {
    return { message: 'The maxOutputTokens must be positive.' };
  }
  return { choices, tokensMax };
}

function isCount(value: unknown, max: number): value is number {
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= max;
}

function isOfUser({ role }: Json): boolean {
  return role === undefined || role === 'user';
}

function partsOf(content: Json): Json[] {
  return objectsOf(content.parts);
}

function textOf(content: Json): string {
  return partsOf(content)
    .map((part) => (typeof part.text === 'string' ? part.text : ''))
    .join('');
}

/** All texts together, rounded up once; functions and what they answered by the length of their JSON. */
function countPrompt(body: Json, contents: Json[]) {
  const system = camelCased(body.systemInstruction);
  const parts = [...contents, ...(system ? [system] : [])].flatMap(partsOf);
  let bytes = body.tools === undefined ? 0 : Buffer.byteLength(JSON.stringify(body.tools));
  let images = 0;
  for (const { text, inlineData, fileData, functionCall, functionResponse } of parts) {
    if (typeof text === 'string') bytes += Buffer.byteLength(text);
    if (inlineData !== undefined || fileData !== undefined) images += 1;
    for (const value of [functionCall, functionResponse]) {
      if (value !== undefined) bytes += Buffer.byteLength(JSON.stringify(value));
    }
  }
  const imageTokens = images * IMAGE_TOKENS;
  return { promptTokens: countTokens(bytes) + imageTokens, imageTokens };
}

function readFunction(body: Json, tools: Json[], contents: Json[]): GeminiRequest['calls'] {
  const [declared] = tools.flatMap((tool) => listOf(tool.functionDeclarations));
  const isAnswered = partsOf(contents.at(-1) ?? {}).some((part) => part.functionResponse);
  if (!isRecord(declared) || isAnswered) return undefined;
  const config = camelCased(camelCased(body.toolConfig)?.functionCallingConfig);
  return {
    name: String(declared.name),
    schema: declared.parametersJsonSchema ?? declared.parameters,
    isForced: config?.mode === 'ANY',
  };
}

function invalid(message: string): GeminiRequestParse {
  return { ok: false, error: { status: 400, message } };
}
