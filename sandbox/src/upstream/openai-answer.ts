/**
 * The answer to a chat request on OpenAI's wire, prepared without what differs from call to call. Id, object and time
 * stand side by side in every event, so an answer is finished by joining its parts with them. Pure.
 */
import { composeAnswer } from './answer.ts';
import type { ChatRequest, ErrorAnswer } from './openai-request.ts';
import type { ReportedUsage, Scenario } from './scenario.ts';

export interface PreparedAnswer {
  completionTokens: number;
  promptTokens: number;
  /** What follows the lead in each event of a stream, or in the one JSON document. */
  rests: string[];
  /** How many output tokens have been sent once the event of that index has been. */
  tokensThrough: number[];
}

const STREAM_END = 'data: [DONE]\n\n';
const TAIL = '"service_tier":"default","system_fingerprint":"fp_sandbox"';

/** What the rests are joined with: everything of an event up to the model's name. */
export function leadOf(call: { id: string; createdAtSeconds: number; stream: boolean }): string {
  const object = call.stream ? 'chat.completion.chunk' : 'chat.completion';
  const json = `{"id":"${call.id}","object":"${object}","created":${call.createdAtSeconds},`;
  return call.stream ? `data: ${json}` : json;
}

export function prepareAnswer(request: ChatRequest, scenario: Scenario): PreparedAnswer {
  const output = writeOutput(request, scenario);
  const completionTokens = (output.tokens.length + output.reasoningTokens) * request.choices;
  const usage = usageOf(request, scenario, { ...output, completionTokens });
  const counts = { completionTokens, promptTokens: request.promptTokens };
  if (request.stream) return { ...counts, ...prepareStream(request, output, usage) };
  const rests = [prepareDocument(request, output, usage)];
  return { ...counts, rests, tokensThrough: [output.tokens.length * request.choices] };
}

interface Output {
  tokens: string[];
  reasoningTokens: number;
  finishReason: 'stop' | 'length';
}

/** Reasoning comes first and counts against the caller's maximum, so it may leave nothing to say. */
function writeOutput(request: ChatRequest, scenario: Scenario): Output {
  const tokensMax = request.tokensMax ?? Number.POSITIVE_INFINITY;
  const reasoningTokens = Math.min(scenario.reasoningTokens ?? 0, tokensMax);
  const full = composeAnswer(request.prompt, scenario.tokens);
  const tokens = full.slice(0, tokensMax - reasoningTokens);
  return {
    tokens,
    reasoningTokens,
    finishReason: tokens.length < full.length ? 'length' : 'stop',
  };
}

/** The usage as JSON, or undefined where the scenario keeps it back. */
function usageOf(
  request: ChatRequest,
  scenario: Scenario,
  output: Output & { completionTokens: number },
): string | undefined {
  if (scenario.usage === 'none') return undefined;
  const reported = reportedUsage(request, scenario, output.completionTokens);
  const { promptTokens, completionTokens, cachedTokens } = reported;
  const isCounted = typeof scenario.usage !== 'string' && typeof scenario.usage !== 'object';
  return JSON.stringify({
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
    prompt_tokens_details: { cached_tokens: cachedTokens, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: isCounted
        ? output.reasoningTokens * request.choices
        : Math.min(scenario.reasoningTokens ?? 0, completionTokens),
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  });
}

function reportedUsage(
  request: ChatRequest,
  scenario: Scenario,
  completionTokens: number,
): ReportedUsage {
  if (scenario.usage === 'zero') return { promptTokens: 0, completionTokens: 0, cachedTokens: 0 };
  if (typeof scenario.usage === 'object') return scenario.usage;
  const { promptTokens } = request;
  const cachedTokens = Math.min(scenario.cachedTokens ?? 0, promptTokens);
  return { promptTokens, completionTokens, cachedTokens };
}

function prepareDocument(request: ChatRequest, output: Output, usage: string | undefined): string {
  const content = output.tokens.join('');
  const choices = Array.from({ length: request.choices }, (_, index) => ({
    index,
    message: { role: 'assistant', content, refusal: null, annotations: [] },
    logprobs: null,
    finish_reason: output.finishReason,
  }));
  const usagePart = usage === undefined ? '' : `"usage":${usage},`;
  return `"model":${JSON.stringify(request.model)},"choices":${JSON.stringify(choices)},${usagePart}${TAIL}}`;
}

function prepareStream(request: ChatRequest, output: Output, usage: string | undefined) {
  const rests: string[] = [];
  const tokensThrough: number[] = [];
  const model = `"model":${JSON.stringify(request.model)},${TAIL}`;
  const nullUsage = request.includeUsage ? ',"usage":null' : '';
  let sent = 0;
  const push = (index: number, delta: string, finish: string) => {
    rests.push(
      `${model},"choices":[{"index":${index},"delta":${delta},"logprobs":null,"finish_reason":${finish}}]${nullUsage}}\n\n`,
    );
    tokensThrough.push(sent);
  };
  const everyChoice = Array.from({ length: request.choices }, (_, index) => index);

  for (const index of everyChoice)
    push(index, '{"role":"assistant","content":"","refusal":null}', 'null');
  for (const token of output.tokens) {
    const delta = JSON.stringify({ content: token });
    for (const index of everyChoice) {
      sent += 1;
      push(index, delta, 'null');
    }
  }
  for (const index of everyChoice) push(index, '{}', `"${output.finishReason}"`);
  if (request.includeUsage && usage !== undefined) {
    rests.push(`${model},"choices":[],"usage":${usage}}\n\n`);
    tokensThrough.push(sent);
  }
  rests[rests.length - 1] += STREAM_END;
  return { rests, tokensThrough };
}

export function errorJson(error: ErrorAnswer): string {
  const { message, type, param, code } = error;
  return JSON.stringify({ error: { message, type, param, code } });
}

/** What OpenAI says with each status. */
export function errorOfStatus(status: number, code: string | undefined): ErrorAnswer {
  const [message, type, usualCode] = errorsByStatus[status] ?? serverError;
  return { status, message, type, param: null, code: code ?? usualCode };
}

type ErrorWords = [message: string, type: string, code: string | null];

const serverError: ErrorWords = [
  'The server had an error while processing your request. Sorry about that!',
  'server_error',
  null,
];

const errorsByStatus: Record<number, ErrorWords> = {
  400: ['Your request is not valid.', 'invalid_request_error', null],
  401: ['Incorrect API key provided.', 'invalid_request_error', 'invalid_api_key'],
  403: ['You may not use this resource.', 'invalid_request_error', 'permission_denied'],
  404: [
    'The model does not exist or you do not have access to it.',
    'invalid_request_error',
    'model_not_found',
  ],
  429: [
    'Rate limit reached for requests. Please try again later.',
    'requests',
    'rate_limit_exceeded',
  ],
  503: ['The engine is currently overloaded, please try again later.', 'server_error', null],
};
