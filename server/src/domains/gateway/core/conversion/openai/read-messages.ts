/** Reads the messages of a chat completion. */

import { readCacheMark } from '../anthropic/cache-marks.ts';
import type {
  AssistantPart,
  CallPart,
  ContentPart,
  ResultPart,
  Source,
  TextPart,
  Turn,
  UserPart,
} from '../conversation.ts';
import {
  allowOnly,
  allowValues,
  type Json,
  join,
  optionalList,
  readList,
  readRecord,
  readText,
  readWord,
  refuse,
  refuseUncarried,
} from '../fields.ts';
import { readArguments } from './arguments.ts';
import { readExtraContent } from './sealed-calls.ts';

const roles = ['system', 'developer', 'user', 'assistant', 'tool'] as const;

export function readMessages(messages: readonly unknown[]): { system: TextPart[]; turns: Turn[] } {
  const system: TextPart[] = [];
  const turns: Turn[] = [];
  /** Results of tools that come one message each, until the next message of another role. */
  let results: ResultPart[] = [];
  for (const [index, value] of messages.entries()) {
    const at = `messages.${index}`;
    const message = readRecord(value, at);
    const role = readWord(message.role, roles, `${at}.role`);
    if (role === 'tool') {
      if (results.length === 0) turns.push({ role: 'user', parts: results, at });
      results.push(readResult(message, at));
      continue;
    }
    results = [];
    if (role === 'system' || role === 'developer') {
      const parts = readInstructions(message, at);
      if (turns.length === 0) system.push(...parts);
      else if (parts.length > 0) turns.push({ role: 'system', parts, at });
    } else {
      const turn = role === 'user' ? readUser(message, at) : readAssistant(message, at);
      if (turn.parts.length > 0) turns.push(turn);
    }
  }
  return { system, turns };
}

function isText(part: ContentPart): part is TextPart {
  return part.kind === 'text';
}

const plainFields = new Set(['role', 'content']);

function readInstructions(message: Json, at: string): TextPart[] {
  allowOnly(message, plainFields, at);
  return readContent(message.content, join(at, 'content'), textOnly).filter(isText);
}

function readUser(message: Json, at: string): { role: 'user'; parts: UserPart[]; at: string } {
  allowOnly(message, plainFields, at);
  return { role: 'user', parts: readContent(message.content, join(at, 'content'), anyContent), at };
}

/** `name` repeats that of the call, which `tool_call_id` leads to. */
const resultFields = new Set(['role', 'content', 'tool_call_id', 'name']);

function readResult(message: Json, at: string): ResultPart {
  allowOnly(message, resultFields, at);
  return {
    kind: 'result',
    callId: readText(message.tool_call_id, join(at, 'tool_call_id')),
    parts: readContent(message.content, join(at, 'content'), textOnly),
    isError: false,
    at,
  };
}

const anyContent = new Set(['text', 'image_url']);
const textOnly = new Set(['text']);

/** Empty text says nothing, and some vendors refuse it: it is no part. */
function readContent(content: unknown, at: string, types: ReadonlySet<string>): ContentPart[] {
  if (typeof content === 'string')
    return content === '' ? [] : [{ kind: 'text', text: content, at }];
  const parts: ContentPart[] = [];
  for (const [index, value] of readList(content, at).entries()) {
    addPart(parts, readRecord(value, join(at, index)), join(at, index), types);
  }
  return parts;
}

function addPart(parts: ContentPart[], record: Json, at: string, types: ReadonlySet<string>): void {
  const type = readText(record.type, join(at, 'type'));
  if (!types.has(type)) refuseUncarried(join(at, type.slice(0, 50)));
  if (type === 'text') addText(parts, record, at);
  else parts.push(readImage(record, at));
}

const textFields = new Set(['type', 'text', 'cache_control', 'prompt_cache_breakpoint']);

function addText(parts: ContentPart[], record: Json, at: string): void {
  allowOnly(record, textFields, at);
  const text = readText(record.text, join(at, 'text'));
  if (text !== '') parts.push({ kind: 'text', text, at, ...readCacheMark(record, at) });
}

const imageUrlFields = new Set(['url', 'detail']);
const imageFields = new Set(['type', 'image_url', 'cache_control', 'prompt_cache_breakpoint']);

function readImage(record: Json, at: string): ContentPart {
  allowOnly(record, imageFields, at);
  const imageAt = join(at, 'image_url');
  const image = readRecord(record.image_url, imageAt);
  allowOnly(image, imageUrlFields, imageAt);
  // The others look at every image closely; a rough look is cheaper, and cannot be asked of them.
  allowValues(image, 'detail', (detail) => detail === 'auto' || detail === 'high', imageAt);
  const source = readSource(readText(image.url, join(imageAt, 'url')), join(imageAt, 'url'));
  return { kind: 'image', source, at, ...readCacheMark(record, at) };
}

const dataUrl = /^data:([\w.+-]+\/[\w.+-]+);base64,/;

function readSource(url: string, at: string): Source {
  if (/^https?:\/\//.test(url)) return { kind: 'url', url, mediaType: undefined };
  const found = dataUrl.exec(url);
  if (found === null) refuse(at, `Give "${at}" as https:// or data:<type>;base64,<data>.`);
  return { kind: 'base64', mediaType: found[1] as string, data: url.slice(found[0].length) };
}

/** The second line is what comes with it where an answer's message is sent back, as SDKs do. */
const assistantFields = new Set([
  ...['role', 'content', 'refusal', 'tool_calls'],
  ...['reasoning_content', 'annotations', 'parsed'],
]);

function readAssistant(
  message: Json,
  at: string,
): { role: 'assistant'; parts: AssistantPart[]; at: string } {
  allowOnly(message, assistantFields, at);
  allowValues(message, 'annotations', (value) => Array.isArray(value) && value.length === 0, at);
  const calls: AssistantPart[] = [];
  const sealed: AssistantPart[] = [];
  const list = optionalList(message, 'tool_calls', at);
  for (const [index, value] of list.entries()) {
    const callAt = join(join(at, 'tool_calls'), index);
    const record = readRecord(value, callAt);
    const { ofTurn, ofCall } = readExtraContent(
      record.extra_content,
      join(callAt, 'extra_content'),
    );
    sealed.push(...ofTurn);
    calls.push(...ofCall, readCall(record, callAt));
  }
  const said = readSaid(message, at);
  return { role: 'assistant', parts: [...sealed, ...said, ...calls], at };
}

function readSaid(message: Json, at: string): TextPart[] {
  const parts: TextPart[] = [];
  const contentAt = join(at, 'content');
  const content = message.content ?? '';
  if (Array.isArray(content)) {
    for (const [index, value] of content.entries()) {
      const partAt = join(contentAt, index);
      const part = readRecord(value, partAt);
      // A refusal is what the model said, too.
      if (part.type === 'refusal') addSaid(parts, part.refusal, partAt);
      else addPart(parts, part, partAt, textOnly);
    }
  } else {
    addSaid(parts, content, contentAt);
  }
  if (message.refusal !== undefined && message.refusal !== null) {
    addSaid(parts, message.refusal, join(at, 'refusal'));
  }
  return parts;
}

function addSaid(parts: TextPart[], value: unknown, at: string): void {
  const text = readText(value, at);
  if (text !== '') parts.push({ kind: 'text', text, at });
}

const calledFields = new Set(['name', 'arguments', 'parsed_arguments']);
const callFields = new Set(['id', 'type', 'function', 'index', 'extra_content']);

function readCall(record: Json, at: string): CallPart {
  allowOnly(record, callFields, at);
  readWord(record.type ?? 'function', ['function'], join(at, 'type'));
  const functionAt = join(at, 'function');
  const called = readRecord(record.function, functionAt);
  allowOnly(called, calledFields, functionAt);
  return {
    kind: 'call',
    id: readText(record.id, join(at, 'id')),
    name: readText(called.name, join(functionAt, 'name')),
    input: readArguments(readText(called.arguments ?? '', join(functionAt, 'arguments'))),
    at,
  };
}
