/** Judges the nested parts of a chat completion that have a price of their own: content parts and tools. */

import type { CallRefusal } from '../call-refusal.ts';
import { isRecord } from '../json.ts';
import { type Member, parseMember } from '../json-members.ts';
import { malformed } from '../refusals.ts';

/**
 * Tokens that one image costs at most: eight tiles of the model that counts the most for them.
 * https://platform.openai.com/docs/guides/images-vision#calculating-costs
 */
export const imageTokensMax = 2833 + 8 * 5667;

const partsPriced = new Set<unknown>(['text', 'refusal', 'image_url']);
/** Anything else runs at the upstream, such as a web search, and is billed by use. */
const toolsPriced = new Set<unknown>(['function', 'custom']);

/** Plain text has no "type" in it; and an escaped ASCII letter could hide one. */
const structured = Buffer.from('"type"');
const asciiEscape = Buffer.from('\\u00');

/** Refuses content without a price; answers the tokens that its bytes do not bound. */
export function judgeMessages(
  body: Buffer,
  member: Member | undefined,
): { extraInputTokens: number } | { refusal: CallRefusal } {
  if (member === undefined) {
    return { refusal: malformed('Send "messages".', 'messages', 'missing_required_parameter') };
  }
  const bytes = body.subarray(member.start, member.end);
  const isPlain = bytes.indexOf(structured) < 0 && bytes.indexOf(asciiEscape) < 0;
  if (isPlain && bytes[0] === 0x5b) return { extraInputTokens: 0 };

  const messages = parseMember(body, member);
  if (!Array.isArray(messages)) {
    return { refusal: malformed('Send "messages" as a list.', 'messages', 'invalid_type') };
  }
  let images = 0;
  for (const part of messages.flatMap(partsOf)) {
    if (!partsPriced.has(part.type)) {
      const message = `There is no price here for content of type "${String(part.type).slice(0, 50)}".`;
      return { refusal: malformed(message, 'messages', 'unsupported_parameter') };
    }
    if (part.type === 'image_url') images += 1;
  }
  return { extraInputTokens: images * imageTokensMax };
}

function partsOf(message: unknown): Record<string, unknown>[] {
  if (!isRecord(message) || !Array.isArray(message.content)) return [];
  return message.content.filter(isRecord);
}

/** Refuses tools that the upstream would run and bill by itself. */
export function judgeTools(
  body: Buffer,
  member: Member | undefined,
): { refusal: CallRefusal } | undefined {
  if (member === undefined) return undefined;
  const tools = parseMember(body, member);
  if (tools === null) return undefined;
  if (!Array.isArray(tools)) {
    return { refusal: malformed('Send "tools" as a list.', 'tools', 'invalid_type') };
  }
  if (tools.every(isPriced)) return undefined;
  return {
    refusal: malformed(
      'There is no price here for a tool that is no function: leave it out.',
      'tools',
      'unsupported_parameter',
    ),
  };
}

/** A namespace is a group of the caller's own functions. */
function isPriced(tool: unknown): boolean {
  if (!isRecord(tool)) return false;
  if (tool.type !== 'namespace') return toolsPriced.has(tool.type);
  return (
    Array.isArray(tool.tools) &&
    tool.tools.every((inner) => isRecord(inner) && toolsPriced.has(inner.type))
  );
}
