/** Whole answers, and the text of streamed ones. */
import type { AnswerReport, DeliveredPart } from '../dialect.ts';
import { isRecord } from '../json.ts';
import { parseMember, scanMembers } from '../json-members.ts';
import { readFigures, usageOf } from './usage.ts';

/** What the bill needs of a whole answer; its text is not parsed. */
export function readAnswer(body: Buffer): AnswerReport {
  let usage: unknown;
  let hasError = false;
  let hasContent = false;
  for (const member of scanMembers(body) ?? []) {
    if (member.name === 'usage') usage = parseMember(body, member);
    else if (member.name === 'error') hasError = parseMember(body, member) !== null;
    else if (member.name === 'content') hasContent = true;
  }
  return { usage: usageOf(readFigures(usage)), isFailure: hasError && !hasContent };
}

/** Text that a model wrote in one event, and whether that says why the answer ended. */
export function readDelivered(data: string): DeliveredPart {
  const event = parse(data);
  if (!isRecord(event)) return nothing;
  if (event.type === 'content_block_delta') return { text: textOf(event.delta), isFinished: false };
  if (event.type === 'content_block_start') {
    return { text: textOf(event.content_block), isFinished: false };
  }
  const isFinished =
    event.type === 'message_delta' &&
    isRecord(event.delta) &&
    typeof event.delta.stop_reason === 'string';
  return isFinished ? { text: '', isFinished } : nothing;
}

const nothing: DeliveredPart = { text: '', isFinished: false };

/** Text of a whole answer that a model wrote. */
export function answerText(body: string): string {
  const answer = parse(body);
  if (!isRecord(answer) || !Array.isArray(answer.content)) return '';
  return answer.content.map(textOf).join('');
}

/** What a model wrote into a block or a delta of one: text, thoughts, the call of a tool. What a tool answered is input. */
function textOf(part: unknown): string {
  if (!isRecord(part)) return '';
  let text = '';
  for (const name of ['text', 'thinking', 'name', 'partial_json'] as const) {
    const value = part[name];
    if (typeof value === 'string') text += value;
  }
  const { input } = part;
  const hasInput = isRecord(input) && Object.keys(input).length > 0;
  return hasInput ? text + JSON.stringify(input) : text;
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
