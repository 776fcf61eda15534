/** Reads the blocks of a message: text, images, documents, calls and results of tools, thinking. */
import type {
  AssistantPart,
  CallPart,
  ContentPart,
  ResultPart,
  Source,
  TextPart,
  UserPart,
} from '../conversation.ts';
import {
  allowOnly,
  allowValues,
  type Json,
  join,
  optionalFlag,
  optionalRecord,
  optionalText,
  readList,
  readRecord,
  readText,
  refuse,
  refuseUncarried,
} from '../fields.ts';
import { readCacheMark } from './cache-marks.ts';
import { readThinkingBlock } from './thinking-blocks.ts';

type AddBlock<Part> = (parts: Part[], block: Json, type: string, at: string) => void;

/** Text alone is short for one block of it; empty text says nothing and is no part. */
function readBlocks<Part>(content: unknown, at: string, add: AddBlock<Part | TextPart>): Part[] {
  const parts: (Part | TextPart)[] = [];
  if (typeof content === 'string') {
    if (content !== '') parts.push({ kind: 'text', text: content, at });
    return parts as Part[];
  }
  for (const [index, value] of readList(content, at).entries()) {
    const blockAt = join(at, index);
    const block = readRecord(value, blockAt);
    add(parts, block, readText(block.type, join(blockAt, 'type')), blockAt);
  }
  return parts as Part[];
}

export function readTextBlocks(content: unknown, at: string): TextPart[] {
  return readBlocks<TextPart>(content, at, (parts, block, type, blockAt) => {
    if (type !== 'text') refuseBlock(type, blockAt);
    addText(parts, block, blockAt);
  });
}

export function readUserBlocks(content: unknown, at: string): UserPart[] {
  return readBlocks<UserPart>(content, at, addUserBlock);
}

export function readAssistantBlocks(content: unknown, at: string): AssistantPart[] {
  return readBlocks<AssistantPart>(content, at, addAssistantBlock);
}

function refuseBlock(type: string, at: string): never {
  return refuseUncarried(join(at, type.slice(0, 50)));
}

function addUserBlock(parts: UserPart[], block: Json, type: string, at: string): void {
  if (type !== 'tool_result') {
    addContent(parts as ContentPart[], block, type, at);
    return;
  }
  if (parts.length > 0 && parts.at(-1)?.kind !== 'result') {
    refuse(at, 'Give the results of tools before anything else in the message.');
  }
  parts.push(readResult(block, at));
}

const resultFields = new Set(['type', 'tool_use_id', 'content', 'is_error', 'cache_control']);

function readResult(block: Json, at: string): ResultPart {
  allowOnly(block, resultFields, at);
  return {
    kind: 'result',
    callId: readText(block.tool_use_id, join(at, 'tool_use_id')),
    parts: readBlocks<ContentPart>(block.content ?? '', join(at, 'content'), addContent),
    isError: optionalFlag(block, 'is_error', at) ?? false,
    at,
    ...readCacheMark(block, at),
  };
}

function addContent(parts: ContentPart[], block: Json, type: string, at: string): void {
  if (type === 'text') addText(parts, block, at);
  else if (type === 'image') parts.push(readImage(block, at));
  else if (type === 'document') parts.push(readDocument(block, at));
  else refuseBlock(type, at);
}

const textFields = new Set(['type', 'text', 'cache_control', 'citations']);

function addText(parts: { push(part: TextPart): unknown }, block: Json, at: string): void {
  allowOnly(block, textFields, at);
  allowValues(block, 'citations', (value) => Array.isArray(value) && value.length === 0, at);
  const text = readText(block.text, join(at, 'text'));
  if (text !== '') parts.push({ kind: 'text', text, at, ...readCacheMark(block, at) });
}

const imageFields = new Set(['type', 'source', 'cache_control']);
const linkFields = new Set(['type', 'url']);
const dataFields = new Set(['type', 'media_type', 'data']);

function readImage(block: Json, at: string): ContentPart {
  allowOnly(block, imageFields, at);
  const sourceAt = join(at, 'source');
  const source = readSource(readRecord(block.source, sourceAt), sourceAt);
  return { kind: 'image', source, at, ...readCacheMark(block, at) };
}

function readSource(source: Json, at: string): Source {
  const type = readText(source.type, join(at, 'type'));
  if (type === 'url') {
    allowOnly(source, linkFields, at);
    return { kind: 'url', url: readText(source.url, join(at, 'url')), mediaType: undefined };
  }
  if (type !== 'base64') refuseUncarried(join(at, type.slice(0, 50)), 'send the data itself');
  allowOnly(source, dataFields, at);
  const mediaType = readText(source.media_type, join(at, 'media_type'));
  return { kind: 'base64', mediaType, data: readText(source.data, join(at, 'data')) };
}

const documentFields = new Set(['type', 'source', 'title', 'citations', 'cache_control']);

function readDocument(block: Json, at: string): ContentPart {
  allowOnly(block, documentFields, at);
  const citations = optionalRecord(block, 'citations', at);
  if (citations?.enabled === true) refuseUncarried(join(at, 'citations'));
  const sourceAt = join(at, 'source');
  const source = readRecord(block.source, sourceAt);
  return {
    kind: 'document',
    source: source.type === 'text' ? readPlainText(source, sourceAt) : readPdf(source, sourceAt),
    title: optionalText(block, 'title', at),
    at,
    ...readCacheMark(block, at),
  };
}

function readPlainText(source: Json, at: string): Source {
  allowOnly(source, dataFields, at);
  const data = Buffer.from(readText(source.data, join(at, 'data'))).toString('base64');
  return { kind: 'base64', mediaType: 'text/plain', data };
}

function readPdf(source: Json, at: string): Source {
  const read = readSource(source, at);
  return read.kind === 'url' ? { ...read, mediaType: 'application/pdf' } : read;
}

function addAssistantBlock(parts: AssistantPart[], block: Json, type: string, at: string): void {
  if (type === 'text') addText(parts, block, at);
  else if (type === 'tool_use') parts.push(readCall(block, at));
  else if (type === 'thinking' || type === 'redacted_thinking') {
    parts.push(readThinkingBlock(block, at));
  } else refuseBlock(type, at);
}

const callFields = new Set(['type', 'id', 'name', 'input', 'cache_control', 'caller']);

function readCall(block: Json, at: string): CallPart {
  allowOnly(block, callFields, at);
  allowValues(block, 'caller', (caller) => (caller as Json).type === 'direct', at);
  return {
    kind: 'call',
    id: readText(block.id, join(at, 'id')),
    name: readText(block.name, join(at, 'name')),
    // Text is what a model wrote instead of an object; it was answered as text, and comes back so.
    input:
      typeof block.input === 'string'
        ? block.input
        : readRecord(block.input ?? {}, join(at, 'input')),
    at,
    ...readCacheMark(block, at),
  };
}
