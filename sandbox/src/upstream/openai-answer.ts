/**
 * The answer to a chat request on OpenAI's wire, prepared without what differs from call to call. Id, object and time
 * stand side by side in every event, so an answer is finished by joining its parts with them. Pure.
 */
import type { Call } from './call-log.ts';
import type { DialectVoice, PreparedAnswer } from './delivery.ts';
import { type Output, writeOutput } from './openai-output.ts';
import type { ChatRequest, ErrorAnswer } from './openai-request.ts';
import { reportedUsage } from './openai-usage.ts';
import type { Scenario } from './scenario.ts';

const STREAM_END = 'data: [DONE]\n\n';

function tailOf({ serviceTier }: ChatRequest): string {
  return `"service_tier":"${serviceTier ?? 'default'}","system_fingerprint":"fp_sandbox"`;
}

/** What the rests are joined with: everything of an event up to the model's name. */
function leadOf(call: Call): string {
  const object = call.stream ? 'chat.completion.chunk' : 'chat.completion';
  const created = Math.floor(call.startedAt / 1_000);
  const json = `{"id":"${call.id}","object":"${object}","created":${created},`;
  return call.stream ? `data: ${json}` : json;
}

export function prepareAnswer(request: ChatRequest, scenario: Scenario): PreparedAnswer {
  const output = writeOutput(request, scenario);
  const completionTokens = (output.tokens.length + output.reasoningTokens) * request.choices;
  const usage = usageOf(request, scenario, { ...output, completionTokens });
  const counts = { completionTokens, promptTokens: request.promptTokens };
  if (request.stream) {
    const { rests, tokensThrough } = prepareStream(request, output, usage);
    return { ...counts, tokensThrough, ...joinedBy(rests) };
  }
  const rests = [prepareDocument(request, output, usage)];
  const tokensThrough = [output.tokens.length * request.choices];
  return { ...counts, tokensThrough, ...joinedBy(rests) };
}

/** `rests` are what follows the lead in each event, or in the document. */
function joinedBy(rests: string[]): Pick<PreparedAnswer, 'partsFor' | 'textFor'> {
  return {
    partsFor(call) {
      const lead = leadOf(call);
      return rests.map((rest) => lead + rest);
    },
    textFor(call) {
      const lead = leadOf(call);
      return lead + rests.join(lead);
    },
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

function prepareDocument(request: ChatRequest, output: Output, usage: string | undefined): string {
  const choices = Array.from({ length: request.choices }, (_, index) => ({
    index,
    message: messageOf(output, index),
    logprobs: null,
    finish_reason: output.finishReason,
  }));
  const usagePart = usage === undefined ? '' : `"usage":${usage},`;
  return `"model":${JSON.stringify(request.model)},"choices":${JSON.stringify(choices)},${usagePart}${tailOf(request)}}`;
}

function messageOf(output: Output, index: number) {
  const text = output.tokens.join('');
  const message = { role: 'assistant', refusal: null, annotations: [] };
  if (output.calls === undefined) return { ...message, content: text };
  const called = { name: output.calls, arguments: text };
  const tool_calls = [{ id: callIdOf(index), type: 'function', function: called }];
  return { ...message, content: null, tool_calls };
}

function callIdOf(index: number): string {
  return `call_sandbox_${index}`;
}

/** What one event adds: words, or a piece of the arguments. */
function deltaOf({ calls }: Output, token: string): string {
  return calls === undefined
    ? JSON.stringify({ content: token })
    : JSON.stringify({ tool_calls: [{ index: 0, function: { arguments: token } }] });
}

/** The first event of a choice: whose turn it is and, where a function is called, which. */
function openingOf({ calls }: Output, index: number): string {
  if (calls === undefined) return '{"role":"assistant","content":"","refusal":null}';
  const called = { name: calls, arguments: '' };
  const tool_calls = [{ index: 0, id: callIdOf(index), type: 'function', function: called }];
  return JSON.stringify({ role: 'assistant', content: null, tool_calls });
}

function prepareStream(request: ChatRequest, output: Output, usage: string | undefined) {
  const rests: string[] = [];
  const tokensThrough: number[] = [];
  const model = `"model":${JSON.stringify(request.model)},${tailOf(request)}`;
  const nullUsage = request.includeUsage ? ',"usage":null' : '';
  let sent = 0;
  const push = (index: number, delta: string, finish: string) => {
    rests.push(
      `${model},"choices":[{"index":${index},"delta":${delta},"logprobs":null,"finish_reason":${finish}}]${nullUsage}}\n\n`,
    );
    tokensThrough.push(sent);
  };
  const everyChoice = Array.from({ length: request.choices }, (_, index) => index);

  for (const index of everyChoice) push(index, openingOf(output, index), 'null');
  for (const token of output.tokens) {
    const delta = deltaOf(output, token);
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
function errorOfStatus(status: number, code: string | undefined): ErrorAnswer {
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

export const openaiVoice: DialectVoice = {
  idHeader: 'x-request-id',
  errorJson: (status, code) => errorJson(errorOfStatus(status, code)),
  errorEvent: (code) => `data: ${errorJson(errorOfStatus(500, code))}\n\n`,
};
