/**
 * The answer to a call of Gemini, prepared without what differs from call to call: its id, which stands at the end of every
 * event. Pure.
 */
import { composeAnswer } from './answer.ts';
import type { Call } from './call-log.ts';
import type { DialectVoice, PreparedAnswer } from './delivery.ts';
import type { GeminiError, GeminiRequest } from './gemini-request.ts';
import { exampleOf } from './gemini-schema.ts';
import type { ReportedUsage, Scenario } from './scenario.ts';
import { countTokens, splitTokens } from './tokens.ts';

/** How the chunks of a stream travel: as events, or as elements of one list. */
export type GeminiForm = 'document' | 'events' | 'list';

interface Output {
  /** What each event of a stream adds, and what that costs. */
  pieces: { part: object; tokens: number }[];
  tokens: number;
  thoughtsTokens: number;
  finishReason: 'STOP' | 'MAX_TOKENS';
}

export function prepareGeminiAnswer(
  request: GeminiRequest,
  scenario: Scenario,
  form: GeminiForm,
): PreparedAnswer {
  const output = writeOutput(request, scenario);
  const completionTokens = (output.tokens + output.thoughtsTokens) * request.choices;
  const chunks =
    form === 'document'
      ? [wholeOf(request, scenario, output)]
      : chunksOf(request, scenario, output);
  const tail = `"modelVersion":${JSON.stringify(request.model)},"responseId":`;
  const heads = chunks.map(({ chunk }) => `${JSON.stringify(chunk).slice(0, -1)},${tail}`);
  const ends = (call: Call) => `${JSON.stringify(call.id)}}`;
  const partsFor = (call: Call) => {
    const texts = heads.map((head) => head + ends(call));
    if (form === 'events') return texts.map((text) => `data: ${text}\r\n\r\n`);
    return form === 'list' ? [`[${texts.join(',\r\n')}]`] : texts;
  };
  return {
    promptTokens: request.promptTokens,
    completionTokens,
    tokensThrough: form === 'list' ? [completionTokens] : chunks.map(({ sent }) => sent),
    partsFor,
    textFor: (call) => partsFor(call).join(''),
  };
}

/** Thoughts come first and count against the caller's maximum, so they may leave nothing to say. */
function writeOutput(request: GeminiRequest, scenario: Scenario): Output {
  const { tokensMax = Number.POSITIVE_INFINITY, calls } = request;
  const thoughtsTokens = Math.min(scenario.reasoningTokens ?? 0, tokensMax);
  if (calls && (calls.isForced || scenario.callsFunction)) {
    const functionCall = { name: calls.name, args: exampleOf(calls.schema ?? { type: 'OBJECT' }) };
    const tokens = countTokens(Buffer.byteLength(JSON.stringify(functionCall)));
    const pieces = [{ part: { functionCall }, tokens }];
    return { pieces, tokens, thoughtsTokens, finishReason: 'STOP' };
  }
  const full =
    request.schema === undefined
      ? composeAnswer(request.prompt, scenario.tokens)
      : splitTokens(JSON.stringify(exampleOf(request.schema)));
  const said = full.slice(0, tokensMax - thoughtsTokens);
  return {
    pieces: said.map((text) => ({ part: { text }, tokens: 1 })),
    tokens: said.length,
    thoughtsTokens,
    finishReason: said.length < full.length ? 'MAX_TOKENS' : 'STOP',
  };
}

interface Chunk {
  chunk: object;
  /** Output tokens that have been sent with it. */
  sent: number;
}

function wholeOf(request: GeminiRequest, scenario: Scenario, output: Output): Chunk {
  const isCall = output.pieces.some(({ part }) => 'functionCall' in part);
  const text = output.pieces.map(({ part }) => ('text' in part ? part.text : '')).join('');
  const parts = [
    ...thoughtsOf(request, output),
    ...(isCall ? output.pieces.map(({ part }) => part) : [{ text }]),
  ];
  const candidates = everyIndex(request).map((index) => ({
    content: { parts, role: 'model' },
    finishReason: output.finishReason,
    index,
    ...groundingOf(request, scenario),
  }));
  const chunk = { candidates, ...usageOf(request, scenario, output) };
  return { chunk, sent: output.tokens * request.choices };
}

function chunksOf(request: GeminiRequest, scenario: Scenario, output: Output): Chunk[] {
  const chunks: Chunk[] = [];
  let sent = 0;
  const push = (index: number, parts: object[], more: object = {}) => {
    const candidates = [{ content: { parts, role: 'model' }, ...more, index }];
    const soFar = { ...output, tokens: sent / request.choices };
    const isLast = 'finishReason' in more;
    const usage = isLast
      ? usageOf(request, scenario, output)
      : usageSoFar(request, scenario, soFar);
    chunks.push({ chunk: { candidates, ...usage }, sent });
  };
  for (const index of everyIndex(request)) {
    push(index, thoughtsOf(request, output).concat({ text: '' }));
  }
  for (const { part, tokens } of output.pieces) {
    for (const index of everyIndex(request)) {
      sent += tokens;
      push(index, [part]);
    }
  }
  const { finishReason } = output;
  for (const index of everyIndex(request)) {
    push(index, [{ text: '' }], { finishReason, ...groundingOf(request, scenario) });
  }
  return chunks;
}

function everyIndex({ choices }: GeminiRequest): number[] {
  return Array.from({ length: choices }, (_, index) => index);
}

function thoughtsOf(request: GeminiRequest, { thoughtsTokens }: Output): object[] {
  if (!request.showsThoughts || thoughtsTokens === 0) return [];
  return [{ text: 'Thinking about what was asked.', thought: true }];
}

function groundingOf({ maySearch, prompt }: GeminiRequest, { searches = 0 }: Scenario): object {
  if (!maySearch || searches === 0) return {};
  const about = prompt.slice(0, 40);
  const webSearchQueries = Array.from({ length: searches }, (_, index) => `${about} ${index + 1}`);
  return { groundingMetadata: { webSearchQueries, groundingChunks: [], groundingSupports: [] } };
}

/** In the middle of a stream: what a scenario claims in the end is not claimed yet. */
function usageSoFar(request: GeminiRequest, scenario: Scenario, output: Output): object {
  if (typeof scenario.usage === 'object') {
    return { usageMetadata: { promptTokenCount: scenario.usage.promptTokens } };
  }
  return usageOf(request, scenario, output);
}

function usageOf(request: GeminiRequest, scenario: Scenario, output: Output): object {
  if (scenario.usage === 'none') return {};
  const { promptTokens, completionTokens, cachedTokens } = reportedUsage(request, scenario, output);
  const isClaimed = typeof scenario.usage === 'object' || scenario.usage === 'zero';
  const thoughts = isClaimed
    ? Math.min(scenario.reasoningTokens ?? 0, completionTokens)
    : output.thoughtsTokens * request.choices;
  const images = Math.min(request.imageTokens, promptTokens);
  return {
    usageMetadata: {
      promptTokenCount: promptTokens,
      candidatesTokenCount: completionTokens - thoughts,
      totalTokenCount: promptTokens + completionTokens,
      ...(cachedTokens > 0 && {
        cachedContentTokenCount: cachedTokens,
        cacheTokensDetails: [{ modality: 'TEXT', tokenCount: cachedTokens }],
      }),
      promptTokensDetails: [
        { modality: 'TEXT', tokenCount: promptTokens - images },
        ...(images > 0 ? [{ modality: 'IMAGE', tokenCount: images }] : []),
      ],
      ...(thoughts > 0 && { thoughtsTokenCount: thoughts }),
      ...(request.serviceTier && { serviceTier: request.serviceTier }),
    },
  };
}

function reportedUsage(request: GeminiRequest, scenario: Scenario, output: Output): ReportedUsage {
  if (scenario.usage === 'zero') return { promptTokens: 0, completionTokens: 0, cachedTokens: 0 };
  if (typeof scenario.usage === 'object') return scenario.usage;
  const { promptTokens, choices } = request;
  const completionTokens = (output.tokens + output.thoughtsTokens) * choices;
  return {
    promptTokens,
    completionTokens,
    cachedTokens: Math.min(scenario.cachedTokens ?? 0, promptTokens),
  };
}

const STATUS_NAMES: Record<number, string> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
};

const MESSAGES: Record<number, string> = {
  400: 'Request contains an invalid argument.',
  403: 'The caller does not have permission.',
  404: 'Requested entity was not found.',
  429: 'Resource has been exhausted (e.g. check quota).',
  500: 'An internal error has occurred. Please retry.',
  503: 'The model is overloaded. Please try again later.',
};

export function geminiErrorJson({ status, message }: GeminiError, code?: string): string {
  const name = code ?? STATUS_NAMES[status] ?? (status < 500 ? 'INVALID_ARGUMENT' : 'UNKNOWN');
  return JSON.stringify({ error: { code: status, message, status: name } });
}

function errorOfStatus(status: number, code: string | undefined): string {
  return geminiErrorJson({ status, message: MESSAGES[status] ?? 'The request failed.' }, code);
}

export const geminiVoice: DialectVoice = {
  idHeader: 'x-sandbox-call',
  errorJson: errorOfStatus,
  errorEvent: (code) => `data: ${errorOfStatus(500, code)}\r\n\r\n`,
};
