/** Reads a chat completion's body: https://platform.openai.com/docs/api-reference/chat/create */

import {
  type Body,
  decided,
  fold,
  isRefused,
  type Judged,
  maxTokensMax,
  openBody,
  readCount,
  readField,
  readIsStream,
  readModel,
  refuse,
  refuseUnpriced,
  renameEdits,
} from '../body.ts';
import type { CallDecision, CallRequest } from '../dialect.ts';
import { isRecord } from '../json.ts';
import { type Member, parseMember, scanMembers } from '../json-members.ts';
import type { Edit } from '../splice.ts';
import { judgeMessages, judgeTools } from './chat-content.ts';
import { readServiceTier } from './service-tier.ts';

const choicesMax = 128;

const fieldsRead = [
  'model',
  'messages',
  'stream',
  'stream_options',
  'max_tokens',
  'max_completion_tokens',
  'n',
  'tools',
  'prediction',
  'service_tier',
  'modalities',
  'prompt_cache_key',
  'user',
] as const;

/**
 * Fields that buy something without a price here, or another model than the one that is billed, or from someone else. The
 * latter are read by routers that may stand behind a channel (OpenRouter, LiteLLM).
 */
export const fieldsUnpriced = [
  'audio',
  'web_search_options',
  'best_of',
  'models',
  'fallbacks',
  'plugins',
  'provider',
  'route',
  'api_base',
  'base_url',
  'api_key',
  'custom_llm_provider',
] as const;

const known = new Set<string>([...fieldsRead, ...fieldsUnpriced]);

export function readChatRequest(bytes: Buffer): CallDecision {
  const body = openBody(bytes, known);
  return decided(isRefused(body) ? body : judge(body));
}

function judge(body: Body): Judged<CallRequest> {
  const unpriced = judgePriced(body);
  if (unpriced) return unpriced;
  const model = readModel(body);
  if (isRefused(model)) return model;
  const stream = readStream(body);
  if (isRefused(stream)) return stream;
  const limits = readLimits(body);
  if (isRefused(limits)) return limits;
  const tier = readServiceTier(body);
  if (isRefused(tier)) return tier;
  const messages = judgeMessages(body.bytes, body.members.get('messages'));
  if (isRefused(messages)) return messages;
  const tools = judgeTools(body.bytes, body.members.get('tools'));
  if (tools) return tools;
  return {
    model: model.model,
    isStream: stream.isStream,
    wantsUsage: stream.wantsUsage,
    ...limits,
    extraInputTokens: messages.extraInputTokens,
    uses: {},
    serviceTier: tier.serviceTier,
    affinity: readAffinity(body),
    target: (name) => ({
      path: '/chat/completions',
      edits: [...stream.usageEdits, ...renameEdits(model, name)],
      headers: {},
    }),
  };
}

function judgePriced(body: Body): ReturnType<typeof refuse> | undefined {
  for (const name of fieldsUnpriced) {
    if (readField(body, name) !== null) return refuseUnpriced(name);
  }
  const modalities = readField(body, 'modalities');
  const isText = Array.isArray(modalities) && modalities.every((one) => one === 'text');
  return modalities === null || isText ? undefined : refuseUnpriced('modalities');
}

const affinityLengthMax = 200;

/** What the vendor itself keeps prompts together by. */
export function readAffinity(body: Body): string | undefined {
  for (const name of ['prompt_cache_key', 'user']) {
    const value = readField(body, name);
    if (typeof value === 'string' && value !== '') return value.slice(0, affinityLengthMax);
  }
  return undefined;
}

interface StreamChoice {
  isStream: boolean;
  /** Whether the caller asked for the usage chunk. */
  wantsUsage: boolean;
  /** What makes the upstream report usage in a stream. */
  usageEdits: readonly Edit[];
}

function readStream(body: Body): Judged<StreamChoice> {
  const stream = readIsStream(body);
  if (isRefused(stream)) return stream;
  if (!stream.isStream) return { isStream: false, wantsUsage: false, usageEdits: [] };

  const include = '"include_usage":true';
  const member = body.members.get('stream_options');
  if (member === undefined) {
    const start = body.bytes.indexOf('{') + 1;
    const text = `"stream_options":{${include}},`;
    return { isStream: true, wantsUsage: false, usageEdits: [{ start, end: start, text }] };
  }
  const options = readOptions(body.bytes, member);
  if (options === undefined) {
    return refuse('Give "stream_options" as an object, its fields once.', 'stream_options');
  }
  if (options === 'absent') {
    const edit = { start: member.start, end: member.end, text: `{${include}}` };
    return { isStream: true, wantsUsage: false, usageEdits: [edit] };
  }
  const { start, flag, isEmpty } = options;
  if (flag === undefined) {
    const edit = { start, end: start, text: isEmpty ? include : `${include},` };
    return { isStream: true, wantsUsage: false, usageEdits: [edit] };
  }
  if (flag.value === true) return { isStream: true, wantsUsage: true, usageEdits: [] };
  if (flag.value !== false && flag.value !== null) {
    return refuse('Give "include_usage" as true or false.', 'stream_options.include_usage');
  }
  const edit = { start: flag.start, end: flag.end, text: 'true' };
  return { isStream: true, wantsUsage: false, usageEdits: [edit] };
}

interface StreamOptions {
  /** The offset behind the opening brace, in the body. */
  start: number;
  isEmpty: boolean;
  flag: { start: number; end: number; value: unknown } | undefined;
}

function readOptions(body: Buffer, member: Member): StreamOptions | 'absent' | undefined {
  const bytes = body.subarray(member.start, member.end);
  if (bytes.toString('latin1') === 'null') return 'absent';
  const fields = scanMembers(bytes);
  if (fields === undefined) return undefined;
  const flags = fields.filter((field) => fold(field.name) === 'include_usage');
  const [flag] = flags;
  if (flags.length > 1 || (flag && flag.name !== 'include_usage')) return undefined;
  return {
    start: member.start + 1,
    isEmpty: fields.length === 0,
    flag: flag && {
      start: member.start + flag.start,
      end: member.start + flag.end,
      value: parseMember(bytes, flag),
    },
  };
}

function readLimits(
  body: Body,
): Judged<Pick<CallRequest, 'maxOutputTokens' | 'extraOutputTokens' | 'choices'>> {
  let maxOutputTokens: number | undefined;
  for (const name of ['max_tokens', 'max_completion_tokens']) {
    const limit = readCount(body, name, maxTokensMax);
    if (isRefused(limit)) return limit;
    if (limit.count !== undefined) maxOutputTokens = Math.max(maxOutputTokens ?? 0, limit.count);
  }
  const choices = readCount(body, 'n', choicesMax);
  if (isRefused(choices)) return choices;

  const prediction = body.members.get('prediction');
  const isPredicted = prediction !== undefined && isRecord(parseMember(body.bytes, prediction));
  const extraOutputTokens = isPredicted ? prediction.end - prediction.start : 0;
  return { maxOutputTokens, extraOutputTokens, choices: choices.count ?? 1 };
}
