/** Reads the body of a message: https://platform.claude.com/docs/en/api/messages */

import {
  type Body,
  decided,
  isRefused,
  type Judged,
  maxTokensMax,
  openBody,
  readField,
  readIsStream,
  readModel,
  refuse,
  refuseUnpriced,
  renameEdits,
} from '../body.ts';
import type { CallAddress, CallDecision, CallRequest } from '../dialect.ts';
import { isRecord } from '../json.ts';
import { type Member, parseMember } from '../json-members.ts';
import { affinityOf } from './affinity.ts';
import { hasOnlyTypes } from './block-types.ts';
import { judgeMessages } from './content.ts';
import { readHeaders } from './headers.ts';
import { judgeTools } from './tools.ts';

const fieldsRead = ['model', 'messages', 'system', 'stream', 'max_tokens', 'tools', 'metadata'];

/** Fields of which some values buy something without a price here; these are the ones that do not. */
const valuesPriced: Record<string, readonly unknown[]> = {
  // Priority capacity belongs to an upstream account; the caller pays the usual price.
  service_tier: ['auto', 'standard_only'],
  speed: ['standard'],
  // Keeping a call in one country costs a tenth more.
  inference_geo: ['global'],
};

/**
 * Fields that buy something without a price here, or that only one upstream account understands, or that name another model or
 * somebody else. The last row is read by routers that may stand behind a channel.
 */
const fieldsUnpriced = [
  ...['container', 'mcp_servers', 'thread', 'compaction', 'task'],
  ...['fallbacks', 'fallback_credit_token', 'billing_policy', 'betas', 'anthropic_beta'],
  ...['n', 'best_of', 'max_completion_tokens', 'max_output_tokens', 'max_tokens_to_sample'],
  ...['models', 'plugins', 'provider', 'route', 'api_base', 'base_url', 'api_key'],
  'custom_llm_provider',
];

const known = new Set<string>([
  ...fieldsRead,
  ...Object.keys(valuesPriced),
  ...fieldsUnpriced,
  'context_management',
]);

/** Results and thoughts are only taken away by these; others write summaries, whose tokens no limit of the call bounds. */
const editsFree = /^clear_(?:tool_uses|thinking)_20\d{6}$/;

/** What a search brings into the context, and each later step reads again. */
const searchTokensMax = 10_000;

export function readMessagesRequest(bytes: Buffer, address: CallAddress): CallDecision {
  const body = openBody(bytes, known);
  if (isRefused(body)) return decided(body);
  const limit = readLimit(body);
  if (isRefused(limit)) return decided(limit);
  const request = judge(body, address, '/messages');
  return decided(isRefused(request) ? request : { ...request, ...limit });
}

/** Counting has the fields of a message, and writes nothing. */
export function readCountRequest(bytes: Buffer, address: CallAddress): CallDecision {
  const body = openBody(bytes, known);
  if (isRefused(body)) return decided(body);
  const request = judge(body, address, '/messages/count_tokens');
  if (isRefused(request)) return decided(request);
  return decided({ ...request, isStream: false, wantsUsage: false });
}

function judge(body: Body, address: CallAddress, path: string): Judged<CallRequest> {
  const unpriced = judgePriced(body);
  if (unpriced) return unpriced;
  const model = readModel(body);
  if (isRefused(model)) return model;
  const stream = readIsStream(body);
  if (isRefused(stream)) return stream;
  const messages = judgeMessages(body.bytes, body.members.get('messages'));
  if (isRefused(messages)) return messages;
  const system = judgeSystem(body);
  if (system) return system;
  const tools = judgeTools(body.bytes, body.members.get('tools'));
  if (isRefused(tools)) return tools;
  const sent = readHeaders(address.headers);
  if (isRefused(sent)) return sent;
  return {
    model: model.model,
    isStream: stream.isStream,
    // Every stream of Anthropic's has its usage in it.
    wantsUsage: true,
    maxOutputTokens: undefined,
    extraOutputTokens: 0,
    choices: 1,
    extraInputTokens:
      messages.extraInputTokens +
      tools.extraInputTokens +
      searchTokens(tools.search, body.bytes.length + tools.extraInputTokens),
    uses: tools.search > 0 ? { search: tools.search } : {},
    serviceTier: undefined,
    affinity: affinityOf(body),
    target: targetOf(model, path, sent.headers),
  };
}

function targetOf(
  model: { model: string; modelAt: Member },
  path: string,
  headers: Record<string, string>,
): CallRequest['target'] {
  return (name) => ({ path: `/v1${path}`, edits: renameEdits(model, name), headers });
}

function judgePriced(body: Body) {
  for (const name of fieldsUnpriced) {
    const value = readField(body, name);
    if (value !== null && !(Array.isArray(value) && value.length === 0))
      return refuseUnpriced(name);
  }
  for (const [name, values] of Object.entries(valuesPriced)) {
    const value = readField(body, name);
    if (value !== null && !values.includes(value)) return refuseUnpriced(name);
  }
  const context = readField(body, 'context_management');
  if (context === null) return undefined;
  const edits = isRecord(context) ? (context.edits ?? []) : undefined;
  const isFree =
    Array.isArray(edits) &&
    edits.every((edit) => isRecord(edit) && editsFree.test(String(edit.type)));
  return isFree ? undefined : refuseUnpriced('context_management');
}

const systemTypes = new Set(['text', 'ephemeral']);

/** Text only, so that its bytes bound it. */
function judgeSystem(body: Body) {
  const member = body.members.get('system');
  if (member === undefined) return undefined;
  const bytes = body.bytes.subarray(member.start, member.end);
  if (bytes[0] === 0x5b && hasOnlyTypes(bytes, systemTypes)) return undefined;
  const system = parseMember(body.bytes, member);
  const isText =
    system === null ||
    typeof system === 'string' ||
    (Array.isArray(system) && system.every((block) => isRecord(block) && block.type === 'text'));
  return isText ? undefined : refuse('Send "system" as a text, or a list of texts.', 'system');
}

/** Zero is a limit, too: it fills the cache and writes nothing. */
function readLimit(body: Body): Judged<{ maxOutputTokens: number }> {
  const value = readField(body, 'max_tokens');
  if (value === null)
    return refuse('Send "max_tokens".', 'max_tokens', 'missing_required_parameter');
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= maxTokensMax) {
    return { maxOutputTokens: value };
  }
  const message = `Give "max_tokens" as a whole number from 0 to ${maxTokensMax}.`;
  return refuse(message, 'max_tokens', 'integer_out_of_range');
}

/** After every search the model reads the whole prompt once more, and everything that was found so far. */
function searchTokens(searches: number, promptTokens: number): number {
  return searches * promptTokens + ((searches * (searches + 1)) / 2) * searchTokensMax;
}
