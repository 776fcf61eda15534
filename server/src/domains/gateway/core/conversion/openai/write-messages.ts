/** Writes the turns as messages of a chat completion. */
import { CallIds } from '../call-ids.ts';
import type {
  AssistantPart,
  CallPart,
  ContentPart,
  Conversation,
  ResultPart,
  TextPart,
  Turn,
} from '../conversation.ts';
import { refuseUncarried } from '../fields.ts';
import { writeArguments } from './arguments.ts';

/** https://platform.openai.com/docs/api-reference/chat/create: ids are of 40 characters at most. */
const idPattern = /^[\s\S]{1,40}$/;

export function writeMessages({ system, turns }: Conversation): object[] {
  const ids = new CallIds(idPattern);
  const messages: object[] = [];
  if (system.length > 0) messages.push({ role: 'system', content: writeTexts(system) });
  for (const turn of turns) writeTurn(turn, ids, messages);
  return messages;
}

function writeTurn(turn: Turn, ids: CallIds, messages: object[]): void {
  if (turn.role === 'system') {
    messages.push({ role: 'system', content: writeTexts(turn.parts) });
    return;
  }
  if (turn.role === 'assistant') {
    messages.push(writeAssistant(turn.parts, ids));
    return;
  }
  const content: ContentPart[] = [];
  for (const part of turn.parts) {
    if (part.kind === 'result') messages.push(writeResult(part, ids));
    else content.push(part);
  }
  if (content.length > 0) messages.push({ role: 'user', content: writeContent(content) });
}

/** One text is written as such, which every server of this dialect understands. */
function writeTexts(parts: readonly TextPart[]): unknown {
  const [first, ...more] = parts;
  if (first && more.length === 0) return first.text;
  return parts.map(({ text }) => ({ type: 'text', text }));
}

function writeContent(parts: readonly ContentPart[]): unknown {
  const [first, ...more] = parts;
  return first?.kind === 'text' && more.length === 0 ? first.text : parts.map(writePart);
}

function writePart(part: ContentPart): object {
  if (part.kind === 'text') return { type: 'text', text: part.text };
  if (part.kind === 'document') return refuseUncarried(part.at, 'send its text');
  const { source } = part;
  const url = source.kind === 'url' ? source.url : `data:${source.mediaType};base64,${source.data}`;
  return { type: 'image_url', image_url: { url } };
}

/** An error has no mark of its own here: its text says so. */
function writeResult({ callId, parts, isError }: ResultPart, ids: CallIds): object {
  const texts = parts.map((part) =>
    part.kind === 'text'
      ? part
      : refuseUncarried(part.at, 'give the results of tools as text, and images in a message'),
  );
  const said =
    texts.length === 0 && isError ? [{ kind: 'text', text: 'error', at: '' } as const] : texts;
  return {
    role: 'tool',
    tool_call_id: ids.of(callId),
    content: said.length === 0 ? '' : writeTexts(said),
  };
}

function writeAssistant(parts: readonly AssistantPart[], ids: CallIds): object {
  const texts = parts.filter((part): part is TextPart => part.kind === 'text');
  const calls = writeCalls(parts, ids);
  return {
    role: 'assistant',
    content: texts.length === 0 ? (calls.length === 0 ? '' : null) : writeTexts(texts),
    ...(calls.length > 0 && { tool_calls: calls }),
  };
}

function writeCalls(parts: readonly AssistantPart[], ids: CallIds): object[] {
  const calls: object[] = [];
  for (const part of parts) {
    // Thinking is left out, sealed or not: OpenAI's chat completions take none back.
    if (part.kind === 'call') calls.push(writeCall(part, ids.of(part.id)));
  }
  return calls;
}

export function writeCall({ name, input }: CallPart, id: string): object {
  return { id, type: 'function', function: { name, arguments: writeArguments(input) } };
}
