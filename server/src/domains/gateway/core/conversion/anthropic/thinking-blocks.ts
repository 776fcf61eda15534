/** Claude's thinking as blocks: https://docs.claude.com/en/docs/build-with-claude/extended-thinking */
import type { Seal, ThinkingPart } from '../conversation.ts';
import {
  allowOnly,
  type Json,
  join,
  optionalText,
  readList,
  readRecord,
  readText,
  readWord,
} from '../fields.ts';

/** Tells a signature of Gemini's from one of Claude's, which is base64. */
const geminiMark = 'gemini:';

export function readThinkingBlocks(value: unknown, at: string): ThinkingPart[] {
  return readList(value, at).map((one, index) => {
    const block = readRecord(one, join(at, index));
    readWord(block.type, ['thinking', 'redacted_thinking'], join(at, `${index}.type`));
    return readThinkingBlock(block, join(at, index));
  });
}

const thinkingFields = new Set(['type', 'thinking', 'signature']);
const redactedFields = new Set(['type', 'data']);

export function readThinkingBlock(block: Json, at: string): ThinkingPart {
  if (block.type === 'redacted_thinking') {
    allowOnly(block, redactedFields, at);
    const value = readText(block.data, join(at, 'data'));
    const seal: Seal = { vendor: 'anthropic', value, isRedacted: true };
    return { kind: 'thinking', text: '', seal, at };
  }
  allowOnly(block, thinkingFields, at);
  const text = readText(block.thinking, join(at, 'thinking'));
  const signature = optionalText(block, 'signature', at) ?? '';
  return { kind: 'thinking', text, seal: readSignature(signature), at };
}

function readSignature(signature: string): Seal | undefined {
  if (signature === '') return undefined;
  if (!signature.startsWith(geminiMark)) {
    return { vendor: 'anthropic', value: signature, isRedacted: false };
  }
  return { vendor: 'gemini', value: signature.slice(geminiMark.length), isRedacted: false };
}

export function signatureOf(seal: Seal | undefined): string {
  if (seal === undefined || seal.vendor === 'openai') return '';
  return seal.vendor === 'gemini' ? `${geminiMark}${seal.value}` : seal.value;
}

export function thinkingBlock({ text, seal }: Pick<ThinkingPart, 'text' | 'seal'>): object {
  if (seal?.isRedacted) return { type: 'redacted_thinking', data: seal.value };
  return { type: 'thinking', thinking: text, signature: signatureOf(seal) };
}
