/**
 * Reads from a chat completion's body what decides its price, and refuses what could make the upstream understand the
 * body otherwise than we do: a caller can neither raise a limit nor lower what is billed by anything it sends.
 */
import { judgeMessages, judgeTools } from './chat-content.ts';
import { type Member, parseMember, scanMembers } from './json-members.ts';
import { malformed, type OpenAiRefusal, refusals } from './openai-error.ts';
import { isRecord } from './openai-usage.ts';
import type { Edit } from './splice.ts';

export interface ChatRequest {
  model: string;
  /** Where the model's name stands in the body, to be replaced by a channel's alias. */
  modelAt: { start: number; end: number };
  isStream: boolean;
  /** Whether the caller asked for the usage chunk; it is hidden otherwise. */
  wantsUsage: boolean;
  /** What makes the upstream report usage in a stream. */
  usageEdits: Edit[];
  /** The larger of the two limits that the call names; undefined where it names none. */
  maxOutputTokens: number | undefined;
  /** Output that is billed beyond that limit: rejected tokens of a predicted output. */
  extraOutputTokens: number;
  choices: number;
  /** Input tokens that are not bounded by the bytes of the body: images. */
  extraInputTokens: number;
}

export type ChatRequestDecision =
  | { accepted: true; request: ChatRequest }
  | { accepted: false; refusal: OpenAiRefusal };

const maxTokensMax = 10_000_000;
const choicesMax = 128;
const modelLengthMax = 200;

/** Fields whose meaning is ours to know: repeated, or written as only some upstreams would read them, they are refused. */
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
] as const;
type FieldRead = (typeof fieldsRead)[number];

/**
 * Fields that buy something without a price here, or another model than the one that is billed, or from someone else. The
 * latter are read by routers that may stand behind a channel (OpenRouter, LiteLLM).
 */
const fieldsUnpriced = [
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

type Members = Map<string, Member>;
type Judged<T> = T | { refusal: OpenAiRefusal };

/** Reads the body; `undefined` members never leave this function. */
export function readChatRequest(body: Buffer): ChatRequestDecision {
  const scanned = scanMembers(body);
  if (scanned === undefined) return { accepted: false, refusal: refusals.bodyBroken };
  const members = indexMembers(scanned);
  if (isRefused(members)) return { accepted: false, refusal: members.refusal };
  const request = judge(body, members);
  if (isRefused(request)) return { accepted: false, refusal: request.refusal };
  return { accepted: true, request };
}

function judge(body: Buffer, members: Members): Judged<ChatRequest> {
  const unpriced = refuseUnpriced(body, members);
  if (unpriced) return unpriced;
  const model = readModel(body, members);
  if (isRefused(model)) return model;
  const stream = readStream(body, members);
  if (isRefused(stream)) return stream;
  const limits = readLimits(body, members);
  if (isRefused(limits)) return limits;
  const messages = judgeMessages(body, members.get('messages'));
  if (isRefused(messages)) return messages;
  const tools = judgeTools(body, members.get('tools'));
  if (tools) return tools;
  return { ...model, ...stream, ...limits, extraInputTokens: messages.extraInputTokens };
}

export function isRefused<T>(judged: Judged<T>): judged is { refusal: OpenAiRefusal } {
  return typeof judged === 'object' && judged !== null && 'refusal' in judged;
}

function refuse(message: string, param?: string, code?: string): { refusal: OpenAiRefusal } {
  return { refusal: malformed(message, param, code) };
}

/** Members by name. Some parsers take the first of two and some the last, and Go's ignores case. */
function indexMembers(scanned: readonly Member[]): Judged<Members> {
  const members: Members = new Map();
  for (const member of scanned) {
    const { name } = member;
    if (known.has(name)) {
      if (members.has(name)) {
        return refuse(`"${name}" is given twice: give it once.`, name, 'duplicate_parameter');
      }
      members.set(name, member);
    } else if (known.has(fold(name))) {
      return refuse(
        `Write "${fold(name)}" in lower case.`,
        name.slice(0, 100),
        'unknown_parameter',
      );
    }
  }
  return members;
}

/** Folds case as Go's `encoding/json` does; the long s is the one letter that `toLowerCase` leaves. */
function fold(name: string): string {
  return name.toLowerCase().replaceAll('ſ', 's');
}

function readField(body: Buffer, members: Members, name: FieldRead): unknown {
  const member = members.get(name);
  if (member === undefined) return null;
  return parseMember(body, member);
}

const tiersIncluded = new Set<unknown>([null, 'auto', 'default', 'standard']);

function refuseUnpriced(body: Buffer, members: Members): { refusal: OpenAiRefusal } | undefined {
  for (const name of fieldsUnpriced) {
    const member = members.get(name);
    if (member && parseMember(body, member) !== null) return unpriced(name);
  }
  if (!tiersIncluded.has(readField(body, members, 'service_tier'))) return unpriced('service_tier');
  const modalities = readField(body, members, 'modalities');
  const isText = Array.isArray(modalities) && modalities.every((one) => one === 'text');
  return modalities === null || isText ? undefined : unpriced('modalities');
}

function unpriced(name: string): { refusal: OpenAiRefusal } {
  return refuse(
    `There is no price here for what "${name}" asks: leave it out.`,
    name,
    'unsupported_parameter',
  );
}

function readModel(body: Buffer, members: Members): Judged<Pick<ChatRequest, 'model' | 'modelAt'>> {
  const member = members.get('model');
  if (member === undefined) return { refusal: refusals.modelMissing };
  const model = parseMember(body, member);
  if (typeof model !== 'string' || model === '' || model.length > modelLengthMax) {
    return refuse('Give the model as a name.', 'model', 'invalid_type');
  }
  return { model, modelAt: member };
}

function readStream(
  body: Buffer,
  members: Members,
): Judged<Pick<ChatRequest, 'isStream' | 'wantsUsage' | 'usageEdits'>> {
  const stream = readField(body, members, 'stream');
  if (stream !== null && typeof stream !== 'boolean') {
    return refuse('Give "stream" as true or false.', 'stream', 'invalid_type');
  }
  if (!stream) return { isStream: false, wantsUsage: false, usageEdits: [] };

  const include = '"include_usage":true';
  const member = members.get('stream_options');
  if (member === undefined) {
    const start = body.indexOf('{') + 1;
    const text = `"stream_options":{${include}},`;
    return { isStream: true, wantsUsage: false, usageEdits: [{ start, end: start, text }] };
  }
  const options = readOptions(body, member);
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
  body: Buffer,
  members: Members,
): Judged<Pick<ChatRequest, 'maxOutputTokens' | 'extraOutputTokens' | 'choices'>> {
  let maxOutputTokens: number | undefined;
  for (const name of ['max_tokens', 'max_completion_tokens'] as const) {
    const value = readField(body, members, name);
    if (value === null) continue;
    if (!isCount(value, maxTokensMax)) return outOfRange(name, maxTokensMax);
    maxOutputTokens = Math.max(maxOutputTokens ?? 0, value);
  }
  const choices = readField(body, members, 'n') ?? 1;
  if (!isCount(choices, choicesMax)) return outOfRange('n', choicesMax);

  const prediction = members.get('prediction');
  const isPredicted = prediction !== undefined && isRecord(parseMember(body, prediction));
  const extraOutputTokens = isPredicted ? prediction.end - prediction.start : 0;
  return { maxOutputTokens, extraOutputTokens, choices };
}

function isCount(value: unknown, max: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= max;
}

function outOfRange(name: string, max: number): { refusal: OpenAiRefusal } {
  return refuse(`Give "${name}" as a whole number from 1 to ${max}.`, name, 'integer_out_of_range');
}
