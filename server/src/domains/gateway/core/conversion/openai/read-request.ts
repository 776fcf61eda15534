/** Reads a chat completion's request: https://platform.openai.com/docs/api-reference/chat/create */
import type { Conversation, FieldNames, ThinkingWish } from '../conversation.ts';
import { droppedFields } from '../dropped.ts';
import {
  allowOnly,
  allowValues,
  type Json,
  optionalFlag,
  optionalList,
  optionalNumber,
  optionalRecord,
  optionalText,
  readList,
  readText,
  readTexts,
  readWord,
} from '../fields.ts';
import { efforts } from '../thinking-depth.ts';
import { readMessages } from './read-messages.ts';
import { readOutput, readToolChoice, readTools } from './read-tools.ts';

export const openaiNames: FieldNames = {
  temperature: 'temperature',
  topP: 'top_p',
  topK: 'top_k',
  frequencyPenalty: 'frequency_penalty',
  presencePenalty: 'presence_penalty',
  seed: 'seed',
  toolChoice: 'tool_choice',
  mayCallInParallel: 'parallel_tool_calls',
  choices: 'n',
  maxOutputTokens: 'max_completion_tokens',
  stopSequences: 'stop',
  output: 'response_format',
  thinking: 'reasoning_effort',
  turns: 'messages',
};

const fields = new Set<string>([
  ...['model', 'messages', 'stream', 'stream_options', 'max_tokens', 'max_completion_tokens'],
  ...['temperature', 'top_p', 'frequency_penalty', 'presence_penalty', 'seed', 'stop', 'n'],
  ...['tools', 'tool_choice', 'parallel_tool_calls', 'response_format', 'reasoning_effort'],
  ...['store', 'logprobs', 'logit_bias', 'verbosity', 'service_tier', 'modalities'],
  ...droppedFields('openai'),
]);

export function readOpenAiRequest(body: Json): Conversation {
  allowOnly(body, fields, '');
  allowHarmless(body);
  const { system, turns } = readMessages(readList(body.messages, 'messages'));
  return {
    system,
    turns,
    tools: readTools(optionalList(body, 'tools', '')),
    toolChoice: readToolChoice(body.tool_choice),
    mayCallInParallel: optionalFlag(body, 'parallel_tool_calls', ''),
    choices: optionalNumber(body, 'n', '') ?? 1,
    maxOutputTokens:
      optionalNumber(body, 'max_completion_tokens', '') ?? optionalNumber(body, 'max_tokens', ''),
    sampling: readSampling(body),
    stopSequences: readStop(body.stop),
    output: readOutput(body.response_format),
    thinking: readThinking(body),
    isStream: body.stream === true,
    names: openaiNames,
  };
}

const streamFields = new Set(['include_usage', 'include_obfuscation']);

/** Fields that are carried by asking for what happens anyway. */
function allowHarmless(body: Json): void {
  allowValues(body, 'store', (value) => value === false, '');
  allowValues(body, 'logprobs', (value) => value === false, '');
  allowValues(body, 'logit_bias', isEmpty, '');
  allowValues(body, 'verbosity', (value) => value === 'medium', '');
  allowValues(body, 'service_tier', (value) => value === 'auto' || value === 'default', '');
  allowValues(body, 'modalities', isTextOnly, '');
  const options = optionalRecord(body, 'stream_options', '');
  if (options) allowOnly(options, streamFields, 'stream_options');
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

function isTextOnly(value: unknown): boolean {
  return Array.isArray(value) && value.length === 1 && value[0] === 'text';
}

function readSampling(body: Json): Conversation['sampling'] {
  const sampling: { -readonly [Name in keyof Conversation['sampling']]: number } = {};
  for (const name of [
    'temperature',
    'topP',
    'frequencyPenalty',
    'presencePenalty',
    'seed',
  ] as const) {
    const value = optionalNumber(body, openaiNames[name], '');
    if (value !== undefined) sampling[name] = value;
  }
  return sampling;
}

function readStop(value: unknown): string[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? readTexts(value, 'stop') : [readText(value, 'stop')];
}

function readThinking(body: Json): ThinkingWish | undefined {
  const word = optionalText(body, 'reasoning_effort', '');
  if (word === undefined) return undefined;
  if (word === 'none') return { depth: { kind: 'off' }, isShown: undefined };
  const effort = readWord(word, efforts, 'reasoning_effort');
  return { depth: { kind: 'effort', effort }, isShown: undefined };
}
