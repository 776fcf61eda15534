/** Reads a request for a message: https://docs.claude.com/en/api/messages */
import type { Conversation, FieldNames, TextPart, ThinkingWish, Turn } from '../conversation.ts';
import { droppedFields } from '../dropped.ts';
import {
  allowOnly,
  allowValues,
  type Json,
  join,
  optionalList,
  optionalNumber,
  optionalRecord,
  readList,
  readRecord,
  readTexts,
  readWord,
  refuse,
} from '../fields.ts';
import { readAssistantBlocks, readTextBlocks, readUserBlocks } from './read-blocks.ts';
import { readOutput, readToolChoice, readTools } from './read-tools.ts';

export const anthropicNames: FieldNames = {
  temperature: 'temperature',
  topP: 'top_p',
  topK: 'top_k',
  frequencyPenalty: 'frequency_penalty',
  presencePenalty: 'presence_penalty',
  seed: 'seed',
  toolChoice: 'tool_choice',
  mayCallInParallel: 'tool_choice.disable_parallel_tool_use',
  choices: 'n',
  maxOutputTokens: 'max_tokens',
  stopSequences: 'stop_sequences',
  output: 'output_config.format',
  thinking: 'thinking',
  turns: 'messages',
};

const fields = new Set<string>([
  ...['model', 'messages', 'max_tokens', 'system', 'stream', 'stop_sequences'],
  ...['temperature', 'top_p', 'top_k', 'tools', 'tool_choice', 'thinking', 'output_config'],
  ...['output_format', 'service_tier', 'speed'],
  ...droppedFields('anthropic'),
]);

export function readAnthropicRequest(body: Json): Conversation {
  allowOnly(body, fields, '');
  allowValues(body, 'service_tier', (value) => value === 'auto' || value === 'standard_only', '');
  allowValues(body, 'speed', (value) => value === 'standard', '');
  const { choice, mayCallInParallel } = readToolChoice(body.tool_choice);
  return {
    system: readSystem(body.system),
    turns: readTurns(readList(body.messages, 'messages')),
    tools: readTools(optionalList(body, 'tools', '')),
    toolChoice: choice,
    mayCallInParallel,
    choices: 1,
    maxOutputTokens: optionalNumber(body, 'max_tokens', ''),
    sampling: readSampling(body),
    stopSequences: readTexts(optionalList(body, 'stop_sequences', ''), 'stop_sequences'),
    output: readOutput(body),
    thinking: readThinking(body),
    isStream: body.stream === true,
    names: anthropicNames,
  };
}

function readSystem(value: unknown): TextPart[] {
  return value === undefined || value === null ? [] : readTextBlocks(value, 'system');
}

const messageFields = new Set(['role', 'content']);

function readTurns(messages: readonly unknown[]): Turn[] {
  const turns: Turn[] = [];
  for (const [index, value] of messages.entries()) {
    const at = `messages.${index}`;
    const message = readRecord(value, at);
    allowOnly(message, messageFields, at);
    const role = readWord(message.role, ['user', 'assistant', 'system'], join(at, 'role'));
    const turn = readTurn(role, message.content, at);
    if (turn.parts.length > 0) turns.push(turn);
  }
  return turns;
}

function readTurn(role: Turn['role'], content: unknown, at: string): Turn {
  const contentAt = join(at, 'content');
  if (role === 'user') return { role, parts: readUserBlocks(content, contentAt), at };
  if (role === 'assistant') return { role, parts: readAssistantBlocks(content, contentAt), at };
  return { role, parts: readTextBlocks(content, contentAt), at };
}

function readSampling(body: Json): Conversation['sampling'] {
  const sampling: { -readonly [Name in keyof Conversation['sampling']]: number } = {};
  for (const name of ['temperature', 'topP', 'topK'] as const) {
    const value = optionalNumber(body, anthropicNames[name], '');
    if (value !== undefined) sampling[name] = value;
  }
  return sampling;
}

const effortAt = 'output_config.effort';

function readThinking(body: Json): ThinkingWish | undefined {
  const wish = optionalRecord(body, 'thinking', '');
  const word = optionalRecord(body, 'output_config', '')?.effort ?? undefined;
  const effort =
    word === undefined
      ? undefined
      : readWord(word, ['low', 'medium', 'high', 'xhigh', 'max'], effortAt);
  if (wish === undefined) {
    return effort && { depth: { kind: 'effort', effort }, isShown: undefined };
  }
  allowOnly(wish, new Set(['type', 'budget_tokens', 'display']), 'thinking');
  const type = readWord(wish.type, ['enabled', 'disabled', 'adaptive'], 'thinking.type');
  const isShown = wish.display !== 'omitted';
  if (type === 'adaptive') {
    return { depth: effort ? { kind: 'effort', effort } : { kind: 'dynamic' }, isShown };
  }
  if (effort !== undefined && effort !== 'high') {
    refuse(effortAt, 'Give either an effort with adaptive thinking, or a budget of thinking.');
  }
  if (type === 'disabled') return { depth: { kind: 'off' }, isShown: undefined };
  const tokens = optionalNumber(wish, 'budget_tokens', 'thinking');
  if (tokens === undefined) return refuse('thinking.budget_tokens', 'Name the budget of thinking.');
  return { depth: { kind: 'budget', tokens }, isShown };
}
