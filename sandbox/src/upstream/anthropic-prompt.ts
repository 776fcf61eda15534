/** Counts a prompt, and finds what of it is to be kept in a cache. Pure. */
import { createHash } from 'node:crypto';
import { isRecord } from '../http/exchange.ts';
import { countTokens } from './tokens.ts';

export interface PromptCount {
  tokens: number;
  /** The longest beginning that the caller wants kept; undefined where it marks none. */
  cached: CachedPrefix | undefined;
}

export interface CachedPrefix {
  /** The same for the same beginning. */
  digest: string;
  tokens: number;
  isKeptAnHour: boolean;
}

/** An image costs as many tokens as a small one in low detail. */
const IMAGE_TOKENS = 85;
const DOCUMENT_TOKENS = 1_500;

/** Tools, system and messages in the order in which a cache keeps them. */
export function countPrompt(body: Record<string, unknown>, messages: unknown[]): PromptCount {
  const blocks = [
    ...listOf(body.tools),
    ...listOf(body.system),
    ...messages.flatMap((message) => (isRecord(message) ? listOf(message.content) : [])),
  ];
  const last = blocks.findLastIndex((block) => isRecord(block) && isRecord(block.cache_control));
  const marked = last >= 0 ? blocks[last] : undefined;
  const { tokens } = sizeOf(blocks);
  if (!isRecord(marked) || !isRecord(marked.cache_control)) return { tokens, cached: undefined };
  const prefix = blocks.slice(0, last + 1);
  const digest = createHash('sha256')
    .update(JSON.stringify([body.model, prefix]))
    .digest('hex');
  const isKeptAnHour = marked.cache_control.ttl === '1h';
  return { tokens, cached: { digest, tokens: sizeOf(prefix).tokens, isKeptAnHour } };
}

function listOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  return typeof value === 'string' ? [value] : [];
}

/** All texts together, rounded up once. */
function sizeOf(blocks: unknown[]): { tokens: number } {
  let bytes = 0;
  let tokens = 0;
  for (const block of blocks) {
    if (isRecord(block) && block.type === 'image') tokens += IMAGE_TOKENS;
    else if (isRecord(block) && block.type === 'document') tokens += DOCUMENT_TOKENS;
    else bytes += bytesOf(block);
  }
  return { tokens: tokens + countTokens(bytes) };
}

/** The length of a text, and of the JSON of anything else. */
function bytesOf(block: unknown): number {
  if (typeof block === 'string') return Buffer.byteLength(block);
  if (isRecord(block) && typeof block.text === 'string') return Buffer.byteLength(block.text);
  return Buffer.byteLength(JSON.stringify(block));
}
