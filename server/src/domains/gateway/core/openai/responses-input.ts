/** Judges the input of a response: what has a price of its own in it, and what lives somewhere else. */

import { type Judged, refuse } from '../body.ts';
import { isRecord } from '../json.ts';
import { type Member, parseMember } from '../json-members.ts';
import { imageTokensMax } from './chat-content.ts';

/** A message needs no type. */
const itemsKnown = new Set<unknown>([
  undefined,
  'message',
  'function_call',
  'function_call_output',
  'custom_tool_call',
  'custom_tool_call_output',
  'reasoning',
]);
const partsKnown = new Set<unknown>([
  'input_text',
  'output_text',
  'refusal',
  'input_image',
  'summary_text',
  'reasoning_text',
]);

const quote = 0x22;

export function judgeInput(
  body: Buffer,
  member: Member | undefined,
): Judged<{ extraInputTokens: number }> {
  if (member === undefined) return refuse('Send "input".', 'input', 'missing_required_parameter');
  if (body[member.start] === quote) return { extraInputTokens: 0 };
  const items = parseMember(body, member);
  if (!Array.isArray(items)) {
    return refuse('Send "input" as a text or a list.', 'input', 'invalid_type');
  }
  let images = 0;
  for (const item of items) {
    if (!isRecord(item) || !itemsKnown.has(item.type)) {
      const type = isRecord(item) ? String(item.type).slice(0, 50) : 'none';
      return refuse(unpriced(`input of type "${type}"`), 'input', 'unsupported_parameter');
    }
    for (const part of partsOf(item)) {
      if (!partsKnown.has(part.type)) {
        const type = String(part.type).slice(0, 50);
        return refuse(unpriced(`content of type "${type}"`), 'input', 'unsupported_parameter');
      }
      if (part.type !== 'input_image') continue;
      if (part.file_id !== undefined && part.file_id !== null) {
        const message = 'No files are kept here: send the image itself or its address.';
        return refuse(message, 'input', 'unsupported_parameter');
      }
      images += 1;
    }
  }
  return { extraInputTokens: images * imageTokensMax };
}

function partsOf(item: Record<string, unknown>): Record<string, unknown>[] {
  return ['content', 'output', 'summary'].flatMap((name) => {
    const parts = item[name];
    return Array.isArray(parts) ? parts.filter(isRecord) : [];
  });
}

function unpriced(what: string): string {
  return `There is no price here for ${what}: leave it out.`;
}
