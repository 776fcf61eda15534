/** Judges what a conversation holds: blocks that cost more than their bytes, and blocks that one account alone could read. */

import { isRefused, type Judged, refuse } from '../body.ts';
import { isRecord } from '../json.ts';
import { type Member, parseMember } from '../json-members.ts';
import { hasOnlyTypes, hasUnclearTypes } from './block-types.ts';

/** More than one image costs in the models of the highest resolution. https://platform.claude.com/docs/en/build-with-claude/vision */
export const imageTokensMax = 5_000;
/**
 * The largest context there is: a PDF of a few kilobytes can have hundreds of pages, each billed as an image and a text.
 * https://platform.claude.com/docs/en/build-with-claude/pdf-support
 */
export const contextTokensMax = 1_000_000;

/** Blocks that hold no more than their bytes, and what stands inside of them. */
const plainTypes = new Set([
  'text',
  'thinking',
  'redacted_thinking',
  'tool_use',
  'tool_result',
  'tool_reference',
  'search_result',
  'server_tool_use',
  'web_search_tool_result',
  'web_search_result',
  'web_search_result_location',
  'char_location',
  'direct',
  'ephemeral',
]);

/** Blocks that a message may have; the rest is made by tools that are not offered here. */
const blocksPriced = new Set<unknown>([
  'text',
  'image',
  'document',
  'search_result',
  'thinking',
  'redacted_thinking',
  'tool_use',
  'tool_result',
  'tool_reference',
  'server_tool_use',
  'web_search_tool_result',
]);

const depthMax = 20;

interface Weight {
  /** The most that media can cost. */
  tokens: number;
  /** Their bytes in the body, which are no text and cost nothing by themselves. */
  bytes: number;
}

const nothing: Weight = { tokens: 0, bytes: 0 };

/** Refuses content without a price; answers the tokens that its bytes do not bound, less the bytes that are no text. */
export function judgeMessages(
  body: Buffer,
  member: Member | undefined,
): Judged<{ extraInputTokens: number }> {
  if (member === undefined) {
    return refuse('Send "messages".', 'messages', 'missing_required_parameter');
  }
  const bytes = body.subarray(member.start, member.end);
  if (bytes[0] === 0x5b && hasOnlyTypes(bytes, plainTypes)) return { extraInputTokens: 0 };

  const messages = parseMember(body, member);
  if (!Array.isArray(messages)) {
    return refuse('Send "messages" as a list.', 'messages', 'invalid_type');
  }
  if (hasUnclearTypes(bytes, messages)) {
    return refuse('Give "type" once in each block.', 'messages', 'duplicate_parameter');
  }
  let all = nothing;
  for (const message of messages) {
    const weight = weigh(isRecord(message) ? message.content : undefined, 0);
    if (isRefused(weight)) return weight;
    all = sum(all, weight);
  }
  return { extraInputTokens: Math.min(all.tokens, contextTokensMax) - all.bytes };
}

function weigh(content: unknown, depth: number): Judged<Weight> {
  if (!Array.isArray(content)) return nothing;
  if (depth === depthMax) return refuse('Nest content less deeply.', 'messages');
  let all = nothing;
  for (const block of content) {
    const weight = isRecord(block) ? weighBlock(block, depth) : nothing;
    if (isRefused(weight)) return weight;
    all = sum(all, weight);
  }
  return all;
}

function weighBlock(block: Record<string, unknown>, depth: number): Judged<Weight> {
  if (block.type === 'web_search_tool_result') return nothing;
  if (!blocksPriced.has(block.type)) return unpricedBlock(block.type);
  const source = isRecord(block.source) ? block.source : undefined;
  if (source?.type === 'file') {
    const message =
      'Send the content itself: files belong to one upstream account, and calls go to several.';
    return refuse(message, 'messages', 'unsupported_parameter');
  }
  const bytes =
    source?.type === 'base64' && typeof source.data === 'string' ? source.data.length : 0;
  if (block.type === 'image') return { tokens: imageTokensMax, bytes };
  if (block.type === 'document') {
    if (source?.type === 'text') return nothing;
    if (source?.type === 'content') return weigh(source.content, depth + 1);
    return { tokens: contextTokensMax, bytes };
  }
  return weigh(block.content, depth + 1);
}

function sum(one: Weight, other: Weight): Weight {
  return { tokens: one.tokens + other.tokens, bytes: one.bytes + other.bytes };
}

function unpricedBlock(type: unknown) {
  const name = String(type).slice(0, 50);
  const message = `There is no price here for content of type "${name}": leave it out.`;
  return refuse(message, 'messages', 'unsupported_parameter');
}
