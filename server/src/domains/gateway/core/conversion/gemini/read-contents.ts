/** Reads the turns of a request to generate content. */
import { isRecord } from '../../json.ts';
import type {
  AssistantPart,
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
  optionalRecord,
  optionalText,
  readRecord,
  readText,
  readWord,
  refuse,
  refuseUncarried,
} from '../fields.ts';
import { camelCased, listOf } from './names.ts';
import { type OpenCall, takeCall } from './open-calls.ts';
import { readThoughtSignature } from './thought-signatures.ts';

const contentFields = new Set(['role', 'parts']);
const blobFields = new Set(['mimeType', 'data', 'displayName']);
const fileFields = new Set(['mimeType', 'fileUri', 'displayName']);

export function readContents(contents: readonly unknown[]): Turn[] {
  const turns: Turn[] = [];
  /** Calls of tools that were not answered yet. */
  let openCalls: OpenCall[] = [];
  for (const [index, value] of contents.entries()) {
    const at = `contents.${index}`;
    const content = readRecord(value, at);
    allowOnly(content, contentFields, at);
    const role = readWord(content.role ?? 'user', ['user', 'model', 'function'], join(at, 'role'));
    const parts = listOf(content.parts);
    if (role === 'model') {
      const read = readModelParts(parts, index, at);
      openCalls = read.flatMap((part) => (part.kind === 'call' ? [{ ...part }] : []));
      if (read.length > 0) turns.push({ role: 'assistant', parts: read, at });
    } else {
      const read = readUserParts(parts, openCalls, at);
      if (read.length > 0) turns.push({ role: 'user', parts: read, at });
    }
  }
  return turns;
}

const partFields = new Set([
  ...['text', 'thought', 'thoughtSignature', 'inlineData', 'fileData'],
  ...['functionCall', 'functionResponse'],
]);

function readPart(value: unknown, at: string): Json {
  const part = camelCased(readRecord(value, at), at);
  allowOnly(part, partFields, at);
  return part;
}

function readUserParts(values: readonly unknown[], openCalls: OpenCall[], at: string): UserPart[] {
  const parts: UserPart[] = [];
  for (const [index, value] of values.entries()) {
    const partAt = join(at, `parts.${index}`);
    const part = readPart(value, partAt);
    if (part.functionResponse === undefined) {
      const content = readContent(part, partAt);
      if (content) parts.push(content);
      continue;
    }
    if (parts.length > 0 && parts.at(-1)?.kind !== 'result') {
      refuse(partAt, 'Give the results of functions before anything else in the turn.');
    }
    parts.push(readResult(part.functionResponse, openCalls, join(partAt, 'functionResponse')));
  }
  return parts;
}

/** Undefined for text that says nothing. */
function readContent(part: Json, at: string): ContentPart | undefined {
  if (part.inlineData !== undefined) return readInlineData(part.inlineData, join(at, 'inlineData'));
  if (part.fileData !== undefined) return readFileData(part.fileData, join(at, 'fileData'));
  if (part.functionCall !== undefined) {
    refuse(join(at, 'functionCall'), 'Give calls of functions in a turn of the model.');
  }
  const text = readText(part.text, join(at, 'text'));
  return text === '' ? undefined : { kind: 'text', text, at };
}

function readInlineData(value: unknown, at: string): ContentPart {
  const blob = camelCased(readRecord(value, at), at);
  allowOnly(blob, blobFields, at);
  const mediaType = readText(blob.mimeType, join(at, 'mimeType'));
  const data = readText(blob.data, join(at, 'data'));
  return contentOf({ kind: 'base64', mediaType, data }, at);
}

const googleStore = /^https:\/\/generativelanguage\.googleapis\.com\//;

function readFileData(value: unknown, at: string): ContentPart {
  const file = camelCased(readRecord(value, at), at);
  allowOnly(file, fileFields, at);
  const url = readText(file.fileUri, join(at, 'fileUri'));
  if (!/^https?:\/\//.test(url) || googleStore.test(url)) {
    refuseUncarried(join(at, 'fileUri'), 'send the data itself');
  }
  const mediaType = readText(file.mimeType, join(at, 'mimeType'));
  return contentOf({ kind: 'url', url, mediaType }, at);
}

function contentOf(source: Source & { mediaType: string }, at: string): ContentPart {
  if (source.mediaType.startsWith('image/')) return { kind: 'image', source, at };
  if (source.mediaType === 'application/pdf' || source.mediaType === 'text/plain') {
    return { kind: 'document', source, title: undefined, at };
  }
  return refuseUncarried(at, 'send text, images or documents');
}

const responseFields = new Set(['name', 'id', 'response', 'parts', 'willContinue', 'scheduling']);

function readResult(value: unknown, openCalls: OpenCall[], at: string): ResultPart {
  const result = camelCased(readRecord(value, at), at);
  allowOnly(result, responseFields, at);
  allowValues(result, 'willContinue', (one) => one === false, at);
  allowValues(result, 'scheduling', (one) => one === 'WHEN_IDLE', at);
  const id = optionalText(result, 'id', at);
  const name = readText(result.name, join(at, 'name'));
  const call = takeCall(openCalls, { id, name });
  if (call === undefined) {
    refuse(at, `Give the result of "${name.slice(0, 100)}" right after its call.`);
  }
  const response = optionalRecord(result, 'response', at) ?? {};
  const { texts, isError } = readResponse(response);
  const said = texts
    .filter((text) => text !== '')
    .map((text): TextPart => ({ kind: 'text', text, at }));
  const files = listOf(result.parts).map((part, index) =>
    readResultFile(part, join(at, `parts.${index}`)),
  );
  return { kind: 'result', callId: call.id, parts: [...said, ...files], isError, at };
}

/** `output` and `error` are what Google names for the two; any other object is the result itself. */
function readResponse(response: Json): { texts: readonly string[]; isError: boolean } {
  const names = Object.keys(response);
  const [name] = names;
  if (names.length === 1 && (name === 'output' || name === 'error')) {
    const value = response[name];
    const isError = name === 'error';
    if (typeof value === 'string') return { texts: [value], isError };
    if (Array.isArray(value) && value.every((one) => typeof one === 'string')) {
      return { texts: value, isError };
    }
    if (isError || !isRecord(value)) return { texts: [JSON.stringify(value)], isError };
  }
  return { texts: names.length === 0 ? [] : [JSON.stringify(response)], isError: false };
}

function readResultFile(value: unknown, at: string): ContentPart {
  const part = camelCased(readRecord(value, at), at);
  allowOnly(part, new Set(['inlineData', 'fileData']), at);
  if (part.inlineData !== undefined) return readInlineData(part.inlineData, join(at, 'inlineData'));
  return readFileData(part.fileData, join(at, 'fileData'));
}

function readModelParts(values: readonly unknown[], turn: number, at: string): AssistantPart[] {
  const parts: AssistantPart[] = [];
  for (const [index, value] of values.entries()) {
    const partAt = join(at, `parts.${index}`);
    const part = readPart(value, partAt);
    const signature = optionalText(part, 'thoughtSignature', partAt);
    const sealed = signature ? readThoughtSignature(signature, partAt) : [];
    if (part.functionCall !== undefined) {
      parts.push(
        ...sealed,
        readCall(part.functionCall, `${turn}_${index}`, join(partAt, 'functionCall')),
      );
      continue;
    }
    if (part.inlineData !== undefined || part.fileData !== undefined) {
      refuseUncarried(partAt, 'the others take files of the user only');
    }
    const text =
      part.text === undefined && sealed.length > 0 ? '' : readText(part.text, join(partAt, 'text'));
    if (part.thought === true) {
      parts.push({ kind: 'thinking', text, seal: sealed[0]?.seal, at: partAt });
    } else {
      if (text !== '') parts.push({ kind: 'text', text, at: partAt });
      parts.push(...sealed);
    }
  }
  return parts;
}

const callFields = new Set(['name', 'args', 'id', 'partialArgs', 'willContinue']);

function readCall(value: unknown, position: string, at: string): AssistantPart {
  const call = camelCased(readRecord(value, at), at);
  allowOnly(call, callFields, at);
  allowValues(call, 'willContinue', (one) => one === false, at);
  allowValues(call, 'partialArgs', (one) => Array.isArray(one) && one.length === 0, at);
  return {
    kind: 'call',
    // The same call is at the same place in every later request, so that its id is the same.
    id: optionalText(call, 'id', at) || `call_${position}`,
    name: readText(call.name, join(at, 'name')),
    input: optionalRecord(call, 'args', at) ?? {},
    at,
  };
}
