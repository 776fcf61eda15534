/** Understands one event of a chat completion's stream; only those that may matter to the bill are parsed. */
import { isRecord } from './openai-usage.ts';

export type StreamEvent =
  | { kind: 'output' }
  | { kind: 'comment' }
  | { kind: 'done' }
  | { kind: 'error' }
  /** `isAlone`: the event carries no choices, so that a caller who did not ask for it can be spared it. */
  | { kind: 'usage'; usage: unknown; isAlone: boolean };

const output: StreamEvent = { kind: 'output' };
const comment: StreamEvent = { kind: 'comment' };
const done: StreamEvent = { kind: 'done' };
const failure: StreamEvent = { kind: 'error' };

// In content the closing quote of such a word is escaped, so these match names of fields only (and rarely a value).
const usageName = Buffer.from('"usage"');
const errorName = Buffer.from('"error"');
const doneEventBytesMax = 32;
const letterE = 0x65;
const colon = 0x3a;

/** `bytes` is one whole event, its blank line included. */
export function readStreamEvent(bytes: Buffer): StreamEvent {
  const isNamed = bytes[0] === letterE;
  const mayMatter =
    isNamed ||
    bytes.length <= doneEventBytesMax ||
    bytes[0] === colon ||
    hasValue(bytes, usageName) ||
    hasValue(bytes, errorName);
  return mayMatter ? parseEvent(bytes) : output;
}

const spaceByte = 0x20;
const letterN = 0x6e;

/** Whether a field of that name has a value but null: with `include_usage`, every chunk carries `"usage":null`. */
function hasValue(bytes: Buffer, name: Buffer): boolean {
  let found = bytes.indexOf(name);
  while (found >= 0) {
    let at = found + name.length;
    while (bytes[at] === spaceByte) at += 1;
    if (bytes[at] === colon) {
      at += 1;
      while (bytes[at] === spaceByte) at += 1;
      if (bytes[at] !== letterN) return true;
    }
    found = bytes.indexOf(name, at);
  }
  return false;
}

function parseEvent(bytes: Buffer): StreamEvent {
  const { name, data } = readFields(bytes);
  if (name === 'error') return failure;
  if (data === undefined) return comment;
  if (data.trim() === '[DONE]') return done;
  const chunk = parseJson(data);
  if (!isRecord(chunk)) return output;
  if (isFailure(chunk)) return failure;
  if (!isRecord(chunk.usage)) return output;
  const isAlone = !Array.isArray(chunk.choices) || chunk.choices.length === 0;
  return { kind: 'usage', usage: chunk.usage, isAlone };
}

/** Some upstreams answer 200 and then an error: https://openrouter.ai/docs/api-reference/errors */
export function isFailure(chunk: Record<string, unknown>): boolean {
  return chunk.error !== undefined && chunk.error !== null;
}

/** The payload of an event: its data lines joined. */
export function readFields(bytes: Buffer): { name: string | undefined; data: string | undefined } {
  let name: string | undefined;
  let data: string | undefined;
  for (const line of bytes.toString('utf8').split(/\r?\n/)) {
    if (line.startsWith('data:')) {
      const value = line.slice(line.charCodeAt(5) === spaceByte ? 6 : 5);
      data = data === undefined ? value : `${data}\n${value}`;
    } else if (line.startsWith('event:')) {
      name = line.slice(6).trim();
    }
  }
  return { name, data };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
