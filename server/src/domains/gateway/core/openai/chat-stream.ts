/** Reads a chat completion's stream; only those events that may matter to the bill are parsed. */
import type { Usage } from '../../../metering/index.ts';
import type { StreamEvent, StreamReader } from '../dialect.ts';
import { readFields } from '../event-fields.ts';
import { isRecord } from '../json.ts';
import { readUsage } from './usage.ts';

type ChatEvent =
  | { kind: 'output' }
  | { kind: 'comment' }
  | { kind: 'done' }
  | { kind: 'error' }
  /** `isAlone`: the event carries no choices, so that a caller who did not ask for it can be spared it. */
  | { kind: 'usage'; usage: unknown; tier: unknown; isAlone: boolean };

const output: ChatEvent = { kind: 'output' };
const comment: ChatEvent = { kind: 'comment' };
const done: ChatEvent = { kind: 'done' };
const failure: ChatEvent = { kind: 'error' };

// In content the closing quote of such a word is escaped, so these match names of fields only (and rarely a value).
const usageName = Buffer.from('"usage"');
const errorName = Buffer.from('"error"');
const doneEventBytesMax = 32;
const letterE = 0x65;
const colon = 0x3a;

export class ChatStream implements StreamReader {
  usage: Usage | undefined;
  isUsageFinal = false;
  /** Whether the last event was a report alone: upstreams send that at the end, some of them as their end. */
  isWhole = false;
  readonly #wantsUsage: boolean;

  constructor({ wantsUsage }: { wantsUsage: boolean }) {
    this.#wantsUsage = wantsUsage;
  }

  read(bytes: Buffer): StreamEvent {
    const event = readChatEvent(bytes);
    if (event.kind === 'comment') return 'silent';
    if (event.kind === 'done') return 'end';
    if (event.kind === 'error') return 'error';
    if (event.kind === 'usage') this.usage = readUsage(event.usage, event.tier);
    // Output after a report: it was not the last word.
    const isReport = event.kind === 'usage' && event.isAlone;
    this.isWhole = isReport;
    this.isUsageFinal = isReport;
    if (!isReport) return 'output';
    return this.#wantsUsage ? 'held' : 'hidden';
  }
}

/** `bytes` is one whole event, its blank line included. */
export function readChatEvent(bytes: Buffer): ChatEvent {
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

function parseEvent(bytes: Buffer): ChatEvent {
  const { name, data } = readFields(bytes);
  if (name === 'error') return failure;
  if (data === undefined) return comment;
  if (data.trim() === '[DONE]') return done;
  const chunk = parseJson(data);
  if (!isRecord(chunk)) return output;
  if (isFailure(chunk)) return failure;
  if (!isRecord(chunk.usage)) return output;
  const isAlone = !Array.isArray(chunk.choices) || chunk.choices.length === 0;
  return { kind: 'usage', usage: chunk.usage, tier: chunk.service_tier, isAlone };
}

/** Some upstreams answer 200 and then an error: https://openrouter.ai/docs/api-reference/errors */
export function isFailure(chunk: Record<string, unknown>): boolean {
  return chunk.error !== undefined && chunk.error !== null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
