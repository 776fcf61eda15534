/** Judges tools by where they run: the caller's own cost nothing, what the vendor runs has to have a price and a bound. */

import { type Judged, refuse } from '../body.ts';
import { isRecord } from '../json.ts';
import { type Member, parseMember } from '../json-members.ts';
import { hasOnlyTypes, hasUnclearTypes } from './block-types.ts';

/** Words of `"type"` in the caller's own tools and the JSON schemas of their input. */
const plainTypes = new Set([
  'custom',
  'object',
  'string',
  'number',
  'integer',
  'boolean',
  'array',
  'null',
  'ephemeral',
]);

/**
 * Tools that Anthropic describes and the caller runs: the model is taught their shape, nothing else happens there.
 * https://platform.claude.com/docs/en/agents-and-tools/tool-use/overview
 */
const callerRuns =
  /^(?:bash|text_editor|computer|computer_toolset|browser_toolset|memory)_20\d{6}$/;
/** Later versions filter what they find with code that the vendor runs, unless they are called directly. */
const searches = /^web_search_20\d{6}$/;
const searchesDirectly = 'web_search_20250305';

const usesMax = 100;

/**
 * What the vendor tells the model about tools, beside the caller's words: a few hundred tokens in all, and the shape of each
 * tool of its own, of which a set for browsers is the longest.
 * https://platform.claude.com/docs/en/agents-and-tools/tool-use/overview#pricing
 */
export const toolsTokensMax = 1_000;
export const describedTokensMax = 5_000;

export interface ToolUses {
  /** The most searches that the vendor may run. */
  search: number;
  /** Input that the bytes of the tools do not bound. */
  extraInputTokens: number;
}

const none: ToolUses = { search: 0, extraInputTokens: 0 };

/** Refuses tools that the vendor would run without a price or a bound. */
export function judgeTools(body: Buffer, member: Member | undefined): Judged<ToolUses> {
  if (member === undefined) return none;
  const bytes = body.subarray(member.start, member.end);
  if (bytes[0] === 0x5b && hasOnlyTypes(bytes, plainTypes)) {
    return { search: 0, extraInputTokens: toolsTokensMax };
  }

  const tools = parseMember(body, member);
  if (tools === null) return none;
  if (!Array.isArray(tools)) return refuse('Send "tools" as a list.', 'tools', 'invalid_type');
  if (hasUnclearTypes(bytes, tools)) {
    return refuse('Give "type" once in each tool.', 'tools', 'duplicate_parameter');
  }
  let search = 0;
  let extraInputTokens = toolsTokensMax;
  for (const tool of tools) {
    const type = isRecord(tool) ? (tool.type ?? 'custom') : undefined;
    if (type === 'custom') continue;
    extraInputTokens += describedTokensMax;
    if (typeof type === 'string' && callerRuns.test(type)) continue;
    const judged = judgeSearch(tool, type);
    if ('refusal' in judged) return judged;
    search += judged.search;
  }
  return { search, extraInputTokens };
}

function judgeSearch(tool: unknown, type: unknown): Judged<Pick<ToolUses, 'search'>> {
  if (!isRecord(tool) || typeof type !== 'string' || !searches.test(type)) {
    const message = `There is no price here for a tool of type "${String(type).slice(0, 50)}": leave it out.`;
    return refuse(message, 'tools', 'unsupported_parameter');
  }
  if (type !== searchesDirectly && !isCalledDirectly(tool)) {
    const message = `Give "allowed_callers": ["direct"] with ${type}, or use ${searchesDirectly}: code that the vendor runs has no price here.`;
    return refuse(message, 'tools', 'unsupported_parameter');
  }
  const uses = tool.max_uses;
  if (typeof uses === 'number' && Number.isInteger(uses) && uses >= 1 && uses <= usesMax) {
    return { search: uses };
  }
  const message = `Give "max_uses" of the web search as a whole number from 1 to ${usesMax}: every search is paid for.`;
  return refuse(message, 'tools', 'missing_required_parameter');
}

function isCalledDirectly(tool: Record<string, unknown>): boolean {
  const { allowed_callers: callers } = tool;
  return Array.isArray(callers) && callers.length > 0 && callers.every((one) => one === 'direct');
}
